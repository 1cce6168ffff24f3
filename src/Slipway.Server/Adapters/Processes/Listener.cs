using System.Globalization;

namespace Slipway.Adapters.Processes;

/// <summary>
/// A good answer does not prove who gave it: an orphan on the same port answers as well. So once, before an instance
/// gets
/// traffic, the listening socket is looked for among the files of its processes.
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
            var sockets = Tables().Where(row => row.Port == port).Select(row => $"socket:[{row.Socket}]").ToHashSet();
            if (sockets.Count == 0) return null;
            return pids.Any(pid => Directory.EnumerateFiles($"/proc/{pid}/fd").Any(fd => IsOne(fd, sockets)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
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

    static IEnumerable<(int Port, string Socket)> Tables() =>
        from table in Files
        where File.Exists(table)
        from line in File.ReadLines(table).Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[3] == Listening
        select (int.Parse(fields[1][(fields[1].LastIndexOf(':') + 1)..],
            NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[9]);
}
