using System.Globalization;
using System.Text;

namespace Slipway.Adapters.Processes;

/// <summary>
/// An instance's processes: the one that was started and whatever it has started since. Each carries a marker in its
/// environment, so that a record that was lost, or a number that was used again, is seen.
/// </summary>
static class Session
{
    public const string Marker = "SLIPWAY_INSTANCE";
    const int Kill = 9;

    /// <summary>
    /// The leader of the session that carries this marker: what was started just before a crash of ours.
    /// </summary>
    public static ProcessIdentity? Find(string marker) => Pids()
        .Where(pid => ProcessStat.Of(pid)?.Session == pid && Carries(pid, marker))
        .Select(ProcessIdentity.Of)
        .FirstOrDefault(found => found is not null);

    /// <summary>Every living first process of a session whose marker begins so, with its marker.</summary>
    public static IEnumerable<(int Pid, string Marker)> Leaders(string begin) =>
        from pid in Pids()
        where ProcessStat.Of(pid) is { State: not 'Z' } stat && stat.Session == pid
        from variable in Environ(pid)
        where variable.StartsWith($"{Marker}={begin}", StringComparison.Ordinal)
        select (pid, variable[(Marker.Length + 1)..]);

    /// <summary>Living members of a session that carry this marker.</summary>
    public static IEnumerable<int> Members(int session, string marker) => Pids()
        .Where(pid => ProcessStat.Of(pid) is { State: not 'Z' } stat
            && stat.Session == session && Carries(pid, marker));

    /// <summary>What outlives its leader would keep the port and serve on.</summary>
    public static void KillLeft(int session, string marker)
    {
        foreach (var pid in Members(session, marker))
        {
            if (Native.OpenProcess(pid) is not { } pidfd) continue;
            if (ProcessStat.Of(pid)?.Session == session) Native.Signal(pidfd, Kill);
            Native.Close(pidfd);
        }
    }

    static bool Carries(int pid, string marker) => Environ(pid).Contains($"{Marker}={marker}");

    static string[] Environ(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);
}
