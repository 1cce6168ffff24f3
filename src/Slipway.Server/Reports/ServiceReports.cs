using Slipway.Client;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Reports;

/// <summary>A service as people and programs are told of it: a pure function of what is known.</summary>
public static class ServiceReports
{
    /// <summary>Less than this is no time that anybody is told of.</summary>
    internal static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <param name="traffic">What came lately, of one fleet or of all.</param>
    public static ServiceReport Of(
        Runner runner, IReadOnlyList<InstanceReport> instances, Func<Fleet?, TrafficReport?> traffic,
        DateTimeOffset now)
    {
        var (s, seen) = (runner.Service, runner.Seen);
        var spec = s.Spec!;
        var stable = s.StableRevision;
        return new(s.Name, spec.Environment)
        {
            Version = stable?.Version,
            Revision = stable?.Number,
            Since = s.History.LastOrDefault(past => past.Candidate == s.Stable)?.Ended,
            By = stable?.By,
            Commit = stable?.Commit,
            Cause = stable?.Cause,
            State = runner.Stopped is null ? StateOf(s, seen, now) : "not looked after",
            Attention = runner.Stopped is null ? AttentionOf(s, seen, now) : Attention.Asks,
            Strategy = StrategyNames.Of(spec.Strategy),
            Replicas = spec.Replicas,
            Ready = s.Stable is { } fleet ? seen.ReadyOf(fleet) : 0,
            Url = spec.Traffic.Listen is { } listen
                ? $"http{(spec.Traffic.Tls is null ? "" : "s")}://{listen}{spec.Traffic.Path.TrimEnd('/')}"
                : null,
            Traffic = spec.Traffic.Listen is null ? null : traffic(null),
            Undo = UndoOf(s),
            Release = s.Run is { } run ? ReleaseReports.Of(s, run, seen, traffic, now) : null,
            Last = s.History is [.., var past] ? ReleaseReports.Of(s, past) : null,
            Next = s.Next?.Version,
            ChangeWaits = s.Waiting is not null,
            Notice = runner.Stopped is { } stopped
                ? $"{stopped} What runs goes on. To look after it again: end slipway up, and start it anew."
                : runner.JournalTrouble is { } trouble
                ? $"Nothing new can be begun, the journal cannot be used: {trouble} What runs goes on."
                : null,
            LookedAfter = runner.Stopped is null,
            Instances = instances,
        };
    }

    static Attention AttentionOf(Service s, Seen seen, DateTimeOffset now) => s switch
    {
        { Run: { AwaitsApproval: true } or { Mode: Mode.Paused } } => Attention.Asks,
        { Run: not null } => Attention.Moving,
        _ when Guarding.OutageOf(s, seen, now) is not null => Attention.Asks,
        { Stable: { } stable } when seen.Fleets is not null && seen.ReadyOf(stable) < s.Want.SizeOf(stable) =>
            Attention.Watch,
        _ => Attention.Fine,
    };

    static string StateOf(Service s, Seen seen, DateTimeOffset now)
    {
        if (s.Run is { } run) return Running(s, run, seen, now);
        if (s.Stable is not { } stable) return "never deployed";
        if (Guarding.OutageOf(s, seen, now) is { } outage) return $"fails: {outage.Evidence}";
        var (ready, size) = (seen.ReadyOf(stable), s.Want.SizeOf(stable));
        var state = seen.Fleets is null ? "not looked at yet"
            : ready == size ? $"{ready} ready"
            : $"{ready} of {size} ready{Why(seen.Find(stable))}";
        return s.History is [.., var past] && past.Candidate != stable && now - past.Ended < Lately
            ? $"{state}, {s.RevisionOf(past.Candidate).Version} {Ended(past.Outcome)} "
                + $"{Timing.Text(now - past.Ended)} ago"
            : state;
    }

    static string Why(SeenFleet? fleet) => fleet switch
    {
        { Failed: > 0 } => $", {fleet.Failed} failed",
        { } when fleet.Live > fleet.Ready => $", {fleet.Live - fleet.Ready} starting",
        _ => "",
    };

    static string Running(Service s, Run run, Seen seen, DateTimeOffset now)
    {
        var share = s.Want.Table.Value.ShareOf(run.Candidate);
        var doing = run switch
        {
            { Mode: Mode.Back } => "going back",
            { Mode: Mode.Paused } => $"paused: {run.Why}",
            { AwaitsApproval: true } => $"waits for approval {Timing.Text(now - run.Since)}",
            { Step: Step.Wait wait } => "watching" + Left(run.Since + wait.For - now),
            { Step: Step.Scale { Grows: true } x } => $"launching, {seen.ReadyOf(x.Fleet)} of {x.To} ready",
            { Step: Step.Scale } => "stopping",
            { Step: Step.Shift } => "moving traffic",
            { Step: Step.Ask } => "checking",
            { Step: Step.Set } => "setting",
            _ => "beginning",
        };
        return run.Kind is RunKind.Remove ? doing : $"{share}, {doing}";
    }

    static string Left(TimeSpan left) => left >= Moment ? $", {Timing.Text(left)} to go" : "";

    public static string Ended(Outcome outcome) => outcome switch
    {
        Outcome.RolledBack => "rolled back",
        Outcome.Aborted => "stopped",
        Outcome.Superseded => "replaced",
        Outcome.Observed => "observed",
        Outcome.Kept => "not chosen",
        Outcome.DoneWithFailures => "done with failures",
        Outcome.Removed => "removed",
        _ => "done",
    };

    /// <summary>Where an undo would lead, and how soon it would be there.</summary>
    static UndoReport UndoOf(Service s)
    {
        var later = Outlook.AssumedStartUp.TotalSeconds;
        if (s.Run is { Mode: not Mode.Back } run && Telling.From(run) is { } from && from != run.Candidate)
            return new(s.RevisionOf(from).Version, s.Want.SizeOf(from) >= run.Baseline.SizeOf(from), null, later);
        if (s.Run is not null || Undoing.Target(s) is not { } target) return new(null, false, null, 0);
        return s.Previous is { } warm && warm.Fleet == target.Fleet
            ? new(target.Version, true, warm.Until, later)
            : new(target.Version, false, null, later);
    }
}
