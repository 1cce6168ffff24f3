using System.Diagnostics;
using System.Globalization;
using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Decisions;

/// <summary>What decisions say to people.</summary>
static class Words
{
    public static string Failed(Service s, Run run, Seen seen)
    {
        var scale = (Step.Scale)run.Step!;
        var fleet = seen.Find(scale.Fleet)!;
        var why = string.IsNullOrEmpty(fleet.Why) ? "" : $": {fleet.Why}";
        return $"{fleet.Failed} of {scale.To} instances of {VersionOf(s, scale.Fleet)} failed to start{why}";
    }

    public static string Undecided(Run run, Seen seen, DateTimeOffset now)
    {
        var wait = (Step.Wait)run.Step!;
        var requests = seen.Judgement is { } judgement && judgement.Entered == run.Entered ? judgement.Requests : 0;
        var why = Progress.OverLimit(run, seen, now) is { } over ? over.Evidence
            : seen.Judgement is { Answering: false }
            ? Silence(seen.Judgement.Readings.FirstOrDefault(reading => !reading.Answering)?.Evidence)
            : seen.Judgement is { Measured: false } && requests >= wait.MinRequests
                ? "a metric source has answered too seldom in this step to judge by it"
            : $"only {requests} of {wait.MinRequests} requests came in {Span(wait.Patience)}: too few to judge";
        return wait.Undecided == Specification.Undecided.Wait
            ? $"{why}; it goes on by itself when that has changed"
            : why;
    }

    static string Silence(string? evidence) =>
        $"a metric source does not answer, so nothing can be judged{(evidence is null ? "" : $" ({evidence})")}";

    public static string Late(Run run, Seen seen) => run.Step switch
    {
        Step.Scale x => $"{seen.ReadyOf(x.Fleet)} of {x.To} instances were ready within {Span(Progress.Deadline(run))}"
            + (seen.Find(x.Fleet) is { Why: { Length: > 0 } why } ? $": {why}" : ""),
        Step.Shift => $"the route was not confirmed within {Span(Progress.Deadline(run))}",
        Step.Set x => $"{x.Name} was not confirmed within {Span(Progress.Deadline(run))}",
        Step.Ask { Question: Question.Approval } => $"nobody approved within {Span(Progress.Deadline(run))}",
        Step.Ask { Question: Question.Webhook { Confirms: true } x } =>
            $"{x.Spec.Url} said no yes within {Span(Progress.Deadline(run))}",
        Step.Ask => $"no answer within {Span(Progress.Deadline(run))}",
        Step.Wait => $"still waiting after {Span(Progress.Deadline(run))}",
        _ => throw new UnreachableException(),
    };

    public static string Stuck(Service s, Run run, Seen seen) => run.Step switch
    {
        Step.Scale { Grows: true } x when seen.ReadyOf(x.Fleet) is > 0 and var ready =>
            $"going back with {ready} of {x.To} instances of {VersionOf(s, x.Fleet)}: the others did not come in time",
        Step.Scale x =>
            $"going back waits for {VersionOf(s, x.Fleet)}: {seen.ReadyOf(x.Fleet)} of {x.To} instances are ready",
        Step.Set { IsFinal: true } x => $"{x.Name} takes longer than it should, and cannot be taken back",
        _ => $"going back is slower than it should be: {Late(run, seen)}",
    };

    /// <summary>A way back goes on whatever it is answered, and does not keep that to itself.</summary>
    public static string Refused(Question question, Answer answer) => question switch
    {
        Question.Verify => $"going back was not shown to help: {answer.Text}",
        Question.Hook hook => $"the {hook.Moment} failed, and what it should have taken back stays: {answer.Text}",
        _ => $"on the way back the answer was no: {answer.Text}",
    };

    public static string Outage(Service s, Guard guard, Gates.Reading outage, bool warm)
    {
        var (now, before) = (s.StableRevision!.Version, VersionOf(s, guard.BackTo));
        return warm
            ? $"{now} fails: {outage.Evidence}; if it lasts for {Span(Specification.Defaults.OutageUndone)}, "
                + $"it goes back to {before} by itself"
            : $"{now} fails: {outage.Evidence}; {before} is not running any more, so nothing goes back by itself. "
                + $"To go back: slipway undo {s.Name}";
    }

    public static string OutageUndone(Service s, Guard guard, Gates.Reading outage) =>
        $"{outage.Evidence}; going back costs nothing while {VersionOf(s, guard.BackTo)} is warm";

    public static string Doing(Service s, Run run) => run.Step switch
    {
        Step.Scale { Grows: true } x => $"launching {VersionOf(s, x.Fleet)}",
        Step.Scale x => $"stopping {VersionOf(s, x.Fleet)}",
        Step.Shift => "waiting for the gateway to confirm the route",
        Step.Ask { Question: Question.Approval } => "waiting for an approval",
        Step.Ask { Question: Question.Webhook x } => $"waiting for {x.Spec.Url}",
        Step.Ask => "waiting for a check's answer",
        Step.Set x => $"waiting for {x.Name}",
        _ => "between two steps",
    };

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => Text(span.TotalMilliseconds, "ms"),
        { TotalMinutes: < 2 } => Text(span.TotalSeconds, "s"),
        { TotalHours: < 2 } => Text(span.TotalMinutes, "min"),
        { TotalDays: < 2 } => Text(span.TotalHours, "h"),
        _ => Text(span.TotalDays, "d"),
    };

    static string Text(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}");

    static string VersionOf(Service s, Routing.Fleet fleet) => s.RevisionOf(fleet).Version;
}
