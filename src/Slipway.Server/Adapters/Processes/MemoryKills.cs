using System.Globalization;

namespace Slipway.Adapters.Processes;

/// <summary>
/// How often the kernel has ended a process of this machine for want of memory. It tells nobody whose it was: an
/// instance that was ended by force unasked, while the number grew, is taken to be one.
/// </summary>
static class MemoryKills
{
    const string Counter = "oom_kill ";
    const string BySigKill = "signal 9";

    public static long Count()
    {
        foreach (var line in File.ReadLines("/proc/vmstat"))
            if (line.StartsWith(Counter, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(Counter.Length), CultureInfo.InvariantCulture);
        return 0;
    }

    public static bool Ended(string end, long countBefore) => end == BySigKill && Count() > countBefore;
}
