using System.Diagnostics;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// Is the step under way done, late, or short of evidence? Only what names the step's own sequence counts.
/// </summary>
static class Progress
{
    public static bool IsDone(Service s, Run run, Seen seen, DateTimeOffset now) => run.Step switch
    {
        null or Step.Settle => true,
        Step.Ask => run.Answer is { } answer && (answer.Passed || run.GoesBack),
        _ when !seen.IsComplete => false,
        Step.Scale x => IsScaled(s, run, x, seen),
        Step.Shift => seen.Table!.Since >= s.Want.Table.Since,
        Step.Set x => seen.Find(x.Name) is { } setting && setting.Since >= SinceOf(s, x.Name),
        Step.Wait x => IsWaited(run, x, seen, now),
        _ => throw new UnreachableException(),
    };

    /// <summary>Instances that a growing fleet lacks and that the release goes on without.</summary>
    public static int ToleratedIn(Run run, Seen seen) =>
        run.Step is Step.Scale { Grows: true } x && seen.Find(x.Fleet) is { } fleet
        ? Math.Max(0, x.To - fleet.Available)
        : 0;

    public static bool HasFailed(Service s, Run run, Seen seen) =>
        run.Step is Step.Scale { Grows: true } x
        && Confirmed(s, x, seen) is { } fleet && !Tolerates(run, fleet.Failed, x.To);

    public static bool IsLate(Run run, DateTimeOffset now) => now - run.Since >= Deadline(run);

    /// <summary>
    /// A wait that has had all its patience without evidence enough to go on.
    /// </summary>
    public static bool IsUndecided(Run run, Seen seen, DateTimeOffset now) =>
        run.Step is Step.Wait x && now - run.Since >= x.Patience && !MayEnd(run, x, seen, now);

    /// <summary>Undecided, and told to wait on: what was missing has come.</summary>
    public static bool GoesOnByItself(Run run, Seen seen, DateTimeOffset now) =>
        run is { Mode: Mode.Paused, Reason: Reason.Undecided, Step: Step.Wait { Undecided: Undecided.Wait } x }
        && MayEnd(run, x, seen, now);

    /// <summary>When something will change next without anybody saying anything.</summary>
    public static DateTimeOffset? NextDue(Run run, DateTimeOffset now)
    {
        if (run.Mode == Mode.Paused) return null;
        var dues = run.Step is Step.Wait x ? [x.EarliestEnd ?? x.For, x.For, x.Patience] : new[] { Deadline(run) };
        return dues.Select(due => (DateTimeOffset?)(run.Since + due)).FirstOrDefault(due => due > now);
    }

    /// <summary>
    /// A way back goes on with the instances that came in time: they serve better than a version known to be bad.
    /// </summary>
    public static bool GoesOnShort(Service s, Run run, Seen seen) =>
        run.Step is Step.Scale { Grows: true } x && Confirmed(s, x, seen) is { Ready: > 0 };

    public static TimeSpan Deadline(Run run) => run.Step switch
    {
        Step.Scale when run.Mode == Mode.Back => Defaults.BackDeadline + run.Budget.MinReady,
        Step.Scale => run.Budget.Deadline + run.Budget.MinReady,
        Step.Shift => Defaults.ShiftDeadline,
        Step.Set => Defaults.SetDeadline,
        Step.Ask x => x.Question.Timeout,
        Step.Wait x => x.Patience,
        _ => TimeSpan.FromDays(3650),
    };

    public static Reason LateReason(Run run) => run.Step switch
    {
        Step.Scale => Reason.ScaleDeadline,
        Step.Shift => Reason.RouteDeadline,
        Step.Set => Reason.SetDeadline,
        Step.Ask { Question: Question.Approval { IsChoice: true } } => Reason.NotChosen,
        Step.Ask { Question: Question.Approval or Question.Webhook { Confirms: true } } => Reason.ApprovalExpired,
        _ => Reason.CheckFailed,
    };

    static bool IsScaled(Service s, Run run, Step.Scale x, Seen seen)
    {
        if (Confirmed(s, x, seen) is not { } fleet) return false;
        if (!x.Grows || x.To == 0) return fleet.Live <= x.To;
        var missing = x.To - fleet.Available;
        return missing <= 0 || (run.Mode == Mode.Forward && missing <= fleet.Failed && Tolerates(run, missing, x.To));
    }

    static SeenFleet? Confirmed(Service s, Step.Scale x, Seen seen) =>
        seen.Find(x.Fleet) is { } fleet && fleet.Since >= s.Want.Find(x.Fleet)!.Since ? fleet : null;

    static bool Tolerates(Run run, int failed, int of) => failed == 0 || failed < run.Budget.Tolerate * of;

    static bool IsWaited(Run run, Step.Wait x, Seen seen, DateTimeOffset now)
    {
        if (run.SkipsThisWait || run.SkipsWaits) return true;
        var passed = now - run.Since;
        var early = x.EarliestEnd is { } earliest && passed >= earliest
            && Current(run, seen, now) is { Harmless: true };
        return (passed >= x.For || early) && MayEnd(run, x, seen, now);
    }

    static bool MayEnd(Run run, Step.Wait x, Seen seen, DateTimeOffset now) =>
        HasEvidence(run, x, seen, now) && OverLimit(run, seen, now) is null;

    /// <summary>
    /// A gate whose limit is exceeded now, proven or not. Who has said that it is not the release has seen that.
    /// </summary>
    public static Gates.Reading? OverLimit(Run run, Seen seen, DateTimeOffset now) =>
        run.OverruledAt == run.At ? null : Current(run, seen, now)?.OverLimit;

    /// <summary>
    /// No requests may be needed, and no source that is down is passed over for that, nor one that was until just now.
    /// </summary>
    static bool HasEvidence(Run run, Step.Wait x, Seen seen, DateTimeOffset now)
    {
        if (x.Undecided == Undecided.Health && now - run.Since >= x.Patience) return true;
        return Current(run, seen, now) is { } judgement
            ? judgement is { Answering: true, Measured: true } && judgement.Requests >= x.MinRequests
            : x.MinRequests == 0;
    }

    static Judgement? Current(Run run, Seen seen, DateTimeOffset now) =>
        seen.Judgement is { } judgement && judgement.Release == run.Release && judgement.Entered == run.Entered
        && now - judgement.At <= Defaults.EvidenceLasts
            ? judgement
            : null;

    static long SinceOf(Service s, string setting) => s.Want.Settings.First(wanted => wanted.Name == setting).Since;
}
