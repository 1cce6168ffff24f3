using System.Globalization;
using Slipway.Routing;

namespace Slipway.Adapters.Processes;

/// <summary>What an instance, or on average the instances of a fleet, take of the machine.</summary>
/// <param name="Cpu">A share of one core, lately; none before there were two looks.</param>
/// <param name="Memory">A share of what this machine or container may use.</param>
public readonly record struct Usage(double? Cpu, double Memory);

/// <summary>An instance's process, as it is looked for among all of them.</summary>
readonly record struct Measured(string Service, Fleet Fleet, ProcessIdentity Process);

/// <summary>
/// Cpu and memory of instances with all that they have started, from one look at all processes: a session's number is
/// its first process's, so while that one lives its members are its own.
/// </summary>
sealed class ProcessUsage(TimeProvider time)
{
    /// <summary>How the kernel counts for programs, whatever its own clock does.</summary>
    const double TicksPerSecond = 100;

    readonly long _limit = LimitOf("/sys/fs/cgroup");
    volatile IReadOnlyDictionary<ProcessIdentity, Look> _last = new Dictionary<ProcessIdentity, Look>();

    /// <param name="Ticks">Cpu time so far.</param>
    sealed record Look(Measured Of, long Ticks, long At, Usage Usage);

    public void Measure(IEnumerable<Measured> instances)
    {
        var now = time.GetTimestamp();
        var wanted = instances.Where(instance => ProcessIdentity.Of(instance.Process.Pid) == instance.Process).ToList();
        var sums = wanted.ToDictionary(instance => instance.Process.Pid, _ => (Ticks: 0L, Bytes: 0L));
        if (sums.Count > 0)
            foreach (var pid in Session.Pids())
                if (ProcessStat.Of(pid) is { } stat && sums.TryGetValue(stat.Session, out var sum))
                    sums[stat.Session] = (sum.Ticks + stat.Ticks, sum.Bytes + stat.Pages * Environment.SystemPageSize);

        var before = _last;
        _last = wanted.ToDictionary(instance => instance.Process, instance =>
        {
            var (ticks, bytes) = sums[instance.Process.Pid];
            return new Look(instance, ticks, now, new(
                before.GetValueOrDefault(instance.Process) is { } look ? Cpu(look, ticks, now) : null,
                bytes / (double)_limit));
        });
    }

    public Usage? Of(ProcessIdentity process) => _last.GetValueOrDefault(process)?.Usage;

    /// <summary>On average over its instances; null when there is nothing to measure.</summary>
    public Usage? Of(string service, Fleet fleet)
    {
        var all = _last.Values.Where(look => look.Of.Service == service && look.Of.Fleet == fleet)
            .Select(look => look.Usage).ToList();
        return all.Count == 0 ? null : new(all.Average(usage => usage.Cpu), all.Average(usage => usage.Memory));
    }

    /// <summary>What ended in between takes its time along: never less than nothing.</summary>
    double? Cpu(Look before, long ticks, long now) => time.GetElapsedTime(before.At, now) is { Ticks: > 0 } passed
        ? Math.Max(0, ticks - before.Ticks) / TicksPerSecond / passed.TotalSeconds
        : before.Usage.Cpu;

    /// <summary>Of the group that we are in, or of one above it, else of the machine.</summary>
    public static long LimitOf(string cgroups)
    {
        var limit = Number(LineOf("/proc/meminfo", "MemTotal:")!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            * 1024;
        var path = Path.TrimEndingDirectorySeparator(
            Path.Join(cgroups, LineOf("/proc/self/cgroup", "0::")?["0::".Length..]));
        for (; path.Length >= cgroups.Length; path = Path.GetDirectoryName(path)!)
        {
            var file = Path.Combine(path, "memory.max");
            if (File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var most))
                limit = Math.Min(limit, most);
        }

        return limit;
    }

    static string? LineOf(string file, string begin) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal))
        : null;

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
