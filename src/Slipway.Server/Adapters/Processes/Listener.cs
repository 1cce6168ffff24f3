using System.Globalization;

namespace Slipway.Adapters.Processes;

/// <summary>A process as people know it.</summary>
sealed record ProcessName(int Pid, string Name);

/// <summary>
/// A good answer does not prove who gave it: an orphan on the same port answers as well. So once, before an instance
/// gets traffic, the listening socket is looked for among the files of its processes.
/// </summary>
static class Listener
{
    const string Listening = "0A";
    static readonly string[] Files = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Null when the system does not tell.</summary>
    public static bool? BelongsTo(int port, IEnumerable<int> pids)
    {
        try
        {
            var sockets = SocketsAt(port);
            return sockets.Count == 0 ? null : pids.Any(pid => Has(pid, sockets));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Who listens there: several, where one has given the socket to others; nobody, when they are hidden from us.
    /// </summary>
    public static IReadOnlyList<ProcessName> OwnersOf(int port)
    {
        try
        {
            // The table can be long and the machine full: it is read once, not for each process.
            var sockets = SocketsAt(port);
            return sockets.Count == 0 ? [] :
            [
                .. Directory.EnumerateDirectories("/proc")
                    .Select(folder => Path.GetFileName(folder))
                    .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
                    .Where(pid => pid > 0 && MayHave(pid, sockets))
                    .Select(NameOf).OfType<ProcessName>(),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static bool MayHave(int pid, HashSet<string> sockets)
    {
        try
        {
            return Has(pid, sockets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended while we looked, or is somebody else's
        }
    }

    static bool Has(int pid, HashSet<string> sockets) =>
        Directory.EnumerateFiles($"/proc/{pid}/fd").Any(fd => IsOne(fd, sockets));

    static ProcessName? NameOf(int pid)
    {
        try
        {
            return new(pid, File.ReadAllText($"/proc/{pid}/comm").Trim());
        }
        catch (IOException)
        {
            return null; // it has ended while we looked
        }
    }

    static bool IsOne(string fd, HashSet<string> sockets)
    {
        try
        {
            return new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target);
        }
        catch (IOException)
        {
            return false; // closed while we looked
        }
    }

    static HashSet<string> SocketsAt(int port)
    {
        var at = $":{port:X4}";
        return
        [
            .. from table in Files
               where File.Exists(table)
               from line in File.ReadLines(table).Skip(1)
               where line.Contains(at, StringComparison.Ordinal)
               let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               where fields[3] == Listening && fields[1].EndsWith(at, StringComparison.Ordinal)
               select $"socket:[{fields[9]}]",
        ];
    }
}
