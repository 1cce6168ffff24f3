using Slipway.Plans;

namespace Slipway.Releases;

/// <summary>A release that is over, with what a history's line does not say.</summary>
public sealed record Delivery(Past Past)
{
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>When users first met it; none when they never did.</summary>
    public DateTimeOffset? Met { get; init; }

    /// <summary>When a gate first saw harm, of a release that it turned back and of an undo that it began.</summary>
    public DateTimeOffset? Harmed { get; init; }

    /// <summary>Nobody has asked for it: a gate that failed afterwards, or instances that were lost.</summary>
    public bool ByItself { get; init; }

    /// <summary>While it was paused or waited for somebody's approval.</summary>
    public TimeSpan Waited { get; init; }

    public DateTimeOffset Began => Past.Began;
    public DateTimeOffset Ended => Past.Ended;
    public bool Ships => Past.Ships;
    public bool Settled => Past.HasSettled;

    /// <summary>It was turned back for what was seen of it, with users on it.</summary>
    public bool HasFailed => Past.Outcome == Outcome.RolledBack && Past.Reason.IsItsFault() && Met is not null;
    public TimeSpan Active => Ended - Began - Waited;

    /// <summary>The releases that ended, from the whole journal of a service.</summary>
    public static IEnumerable<Delivery> Of(string service, IEnumerable<Recorded> events)
    {
        var (s, met, waited, waits) = (new Service(service), default(DateTimeOffset?), TimeSpan.Zero,
            default(DateTimeOffset?));
        var (harmed, byItself) = (default(DateTimeOffset?), false);
        foreach (var recorded in events)
        {
            var before = s;
            s = s.Apply(recorded);
            if (recorded.Event is Event.Started started)
            {
                (met, waited, waits) = (null, TimeSpan.Zero, null);
                byItself = started.Reason != Reason.Asked;
            }

            // The verdict that begins an undo stands before it.
            if (recorded.Event is Event.Judged { Since: { } since }) harmed = since;
            var isWaiting = s.Run is { Mode: Mode.Paused } or { AwaitsApproval: true };
            if (isWaiting) waits ??= recorded.At;
            else if (waits is { } from) (waited, waits) = (waited + (recorded.At - from), null);
            if (s.Run is { Step: Step.Shift } run && s.Want.Table.Value.ShowsUsers(run.Candidate)) met ??= recorded.At;
            if (before.Run is null || s.Run is not null || s.History is not [.., var past]) continue;
            yield return new(past)
            {
                CommitTime = s.RevisionOf(past.Candidate).CommitTime,
                Met = met,
                Harmed = harmed,
                ByItself = byItself,
                Waited = waited,
            };
            harmed = null;
        }
    }
}

/// <summary>
/// How well changes arrive, over a time: the four figures of DORA, and what releases take. Null where nothing has
/// happened to tell it from.
/// </summary>
public sealed record DeliveryFigures(int Deployments, int Failed, int Ended)
{
    /// <summary>None of less than a day: a single release in a minute is no rate.</summary>
    public double? PerDay { get; init; }

    /// <summary>From the commit until all users have it; the median, of those whose commit's time was told.</summary>
    public TimeSpan? LeadTime { get; init; }

    /// <summary>
    /// From when a version did harm, as far as that is known, until users had the one before again; the median. Where
    /// no gate has seen it, harm began when users met the version.
    /// </summary>
    public TimeSpan? TimeToRestore { get; init; }

    /// <summary>What a release takes, without and with what it waits for people; medians.</summary>
    public TimeSpan? Active { get; init; }
    public TimeSpan? Waiting { get; init; }

    /// <summary>Of the changes that users met, those that had to be taken back.</summary>
    public double? ChangeFailureRate => Met == 0 ? null : (double)Failed / Met;

    public double? SuccessRate => Ended == 0 ? null : (double)Deployments / Ended;
    public double? RollbackRate => Ended == 0 ? null : (double)RolledBack / Ended;

    /// <summary>Turned back before they had all users.</summary>
    public int RolledBack { get; init; }

    /// <summary>Changes that users met, but for those that people did not want after all.</summary>
    public int Met { get; init; }

    /// <param name="all">Of each service by itself; what ended in the time counts.</param>
    public static DeliveryFigures Of(
        IReadOnlyList<IReadOnlyList<Delivery>> all, DateTimeOffset since, DateTimeOffset now)
    {
        var inTime = all.SelectMany(one => one).Where(one => one.Ended >= since && one.Ended <= now).ToList();
        var ships = inTime.Where(one => one.Ships).ToList();
        var settled = ships.Where(one => one.Settled).ToList();
        var undone = all.SelectMany(Undone).Where(pair => pair.Undo.Ended >= since && pair.Undo.Ended <= now).ToList();
        var failed = ships.Where(one => one.HasFailed).ToList();
        return new(settled.Count, failed.Count + undone.Count(pair => pair.Release.Ended >= since), ships.Count)
        {
            RolledBack = ships.Count(one => one.Past.Outcome == Outcome.RolledBack),
            Met = settled.Count + failed.Count,
            PerDay = (now - since).TotalDays is >= 1 and var days ? settled.Count / days : null,
            LeadTime = Median(settled.Where(one => one.CommitTime is not null)
                .Select(one => one.Ended - one.CommitTime!.Value)),
            TimeToRestore = Median(failed.Select(one => one.Ended - (Later(one.Harmed, one.Met) ?? one.Met!.Value))
                .Concat(undone.Select(pair => pair.Undo.Ended - HarmOf(pair.Release, pair.Undo)))),
            Active = Median(ships.Select(one => one.Active)),
            Waiting = Median(ships.Select(one => one.Waited)),
        };
    }

    /// <summary>What had all users and was taken from them again.</summary>
    static IEnumerable<(Delivery Release, Delivery Undo)> Undone(IReadOnlyList<Delivery> all)
    {
        var numbers = all.ToDictionary(one => one.Past.Release);
        return Releases.Undone.In(all.Select(one => one.Past))
            .Select(pair => (numbers[pair.Release.Release], numbers[pair.Undo.Release]));
    }

    static DateTimeOffset HarmOf(Delivery release, Delivery undo) => Later(undo.Harmed, release.Met)
        ?? (undo.ByItself ? null : release.Met) ?? undo.Began;

    /// <summary>Nobody was harmed before users met it.</summary>
    static DateTimeOffset? Later(DateTimeOffset? harmed, DateTimeOffset? met) => harmed < met ? met : harmed;

    static TimeSpan? Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
