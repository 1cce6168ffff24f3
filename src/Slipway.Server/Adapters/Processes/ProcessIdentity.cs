using System.Globalization;

namespace Slipway.Adapters.Processes;

/// <summary>
/// Exactly one process of this machine, for ever: numbers are used again, but not with the same start in the same boot.
/// </summary>
sealed record ProcessIdentity(int Pid, long Start, string Boot)
{
    static readonly string ThisBoot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Null when there is no such process, or it has ended and only waits to be reaped.</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessStat.Of(pid) is { State: not ('Z' or 'X') } stat ? new(pid, stat.Start, ThisBoot) : null;

    /// <summary>
    /// A child of ours keeps its number until we reap it, also when it has ended already: what it has left behind is
    /// found by that.
    /// </summary>
    public static ProcessIdentity? OfChild(int pid) =>
        ProcessStat.Of(pid) is { } stat ? new(pid, stat.Start, ThisBoot) : null;

    /// <summary>Counted from the start of the machine, in hundredths of a second.</summary>
    public DateTimeOffset Began(DateTimeOffset now) =>
        now - TimeSpan.FromMilliseconds(Environment.TickCount64 - Start * 10);

    /// <summary>
    /// Opens first and compares after: the descriptor pins the process, so a match cannot become a stranger.
    /// </summary>
    public int? Open()
    {
        if (Boot != ThisBoot || Native.OpenProcess(Pid) is not { } pidfd) return null;
        if (Of(Pid) == this) return pidfd;
        Native.Close(pidfd);
        return null;
    }
}

/// <summary>What of /proc/PID/stat is used here.</summary>
readonly record struct ProcessStat(char State, int Session, long Start)
{
    /// <summary>Cpu time of it and of the children whose end it has taken, in hundredths of a second.</summary>
    public long Ticks { get; init; }

    /// <summary>In memory now.</summary>
    public long Pages { get; init; }

    public static ProcessStat? Of(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name may hold blanks and brackets: what follows the last bracket is what counts.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(fields[0][0], (int)Number(fields[3]), Number(fields[19]))
            {
                Ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]),
                Pages = Number(fields[21]),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
