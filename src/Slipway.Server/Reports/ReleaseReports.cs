using Slipway.Client;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Reports;

/// <summary>Releases as people and programs are told of them: a pure function of what is known.</summary>
public static class ReleaseReports
{
    /// <summary>"shop-42": a service's own number, and which service it is.</summary>
    public static string IdOf(string service, int number) => $"{service}-{number}";

    public static (string Service, int Number)? Parse(string id)
    {
        var dash = id.LastIndexOf('-');
        return dash > 0 && int.TryParse(id.AsSpan(dash + 1), out var number) ? (id[..dash], number) : null;
    }

    /// <summary>The release under way.</summary>
    public static ReleaseReport Of(
        Service s, Run run, Seen seen, Func<Fleet?, TrafficReport?> traffic, DateTimeOffset now)
    {
        var revision = s.RevisionOf(run.Candidate);
        var told = Telling.Steps(s, run, new(now));
        var from = Telling.From(run);
        // It has watched for long enough, and goes on when it has seen enough: nobody knows when that is.
        var overdue = run is { Step: Step.Wait watched } && run.Since + watched.For - now < ServiceReports.Moment;
        return new(IdOf(s.Name, run.Release), run.Release, s.Name, Word(run.Kind))
        {
            From = from is { } stable && stable != run.Candidate ? s.RevisionOf(stable).Version : null,
            To = revision.Version,
            Strategy = StrategyNames.Of(run.Kind, revision.Spec.Strategy),
            Environment = revision.Spec.Environment,
            Mode = ModeOf(run),
            Reason = run.Reason == Reason.None ? "" : Word(run.Reason),
            Why = run.Why,
            By = run.By,
            Cause = revision.Cause,
            Commit = revision.Commit,
            Emergency = revision.Emergency,
            Began = run.Began,
            Steps = [.. told.Select(step => StepOf(step, run, s, seen, overdue))],
            At = run.At + 1,
            SharePercent = s.Want.Table.Value.ShareOf(run.Candidate).Basis / 100.0,
            ShareSeenPercent = (seen.Table?.Value.ShareOf(run.Candidate) ?? Share.None).Basis / 100.0,
            WaitsFor = run is { AwaitsApproval: true, Step: Step.Ask { Question: Question.Approval approval } }
                ? [.. approval.By]
                : null,
            Verifying = run is { Step: Step.Ask { Question: Question.Verify } },
            StepEnds = !overdue && run is { Step: Step.Wait wait, Mode: not Mode.Paused } ? run.Since + wait.For : null,
            EndsAbout = overdue || run.Mode == Mode.Paused ? null : EndsAbout(told, run, now),
            Gates = seen.Judgement is { } judgement && judgement.Release == run.Release
                ? [.. judgement.Readings.Select(GateOf)]
                : [],
            Sides = [.. Sides(run, from).Select(side => SideOf(s, seen, side.Fleet, side.Role) with
            {
                Traffic = traffic(side.Fleet),
            })],
        };
    }

    /// <summary>A release that is over, from the line that the history keeps and what its story tells.</summary>
    public static ReleaseReport Of(Service s, Past past, IEnumerable<StepReport> steps)
    {
        var revision = s.RevisionOf(past.Candidate);
        return new(IdOf(s.Name, past.Release), past.Release, s.Name, Word(past.Kind))
        {
            From = past.From is { } from && from != past.Candidate ? s.RevisionOf(from).Version : null,
            To = revision.Version,
            Strategy = StrategyNames.Of(past.Kind, revision.Spec.Strategy),
            Environment = revision.Spec.Environment,
            Mode = "over",
            Reason = past.Reason == Reason.None ? "" : Word(past.Reason),
            Why = past.Why,
            By = past.By,
            Cause = revision.Cause,
            Commit = revision.Commit,
            Emergency = revision.Emergency,
            Began = past.Began,
            Ended = past.Ended,
            Outcome = Word(past.Outcome),
            Steps = [.. steps],
        };
    }

    public static PastReport Of(Service s, Past past)
    {
        var revision = s.RevisionOf(past.Candidate);
        return new(
            IdOf(s.Name, past.Release), past.Release, Word(past.Kind),
            past.From is { } from && from != past.Candidate ? s.RevisionOf(from).Version : null, revision.Version,
            Word(past.Outcome), past.Began, past.Ended, past.By, WhyOf(s, past))
        {
            Reason = past.Reason == Reason.None ? "" : Word(past.Reason),
            // What a revision was once deployed for is not why somebody has gone back to it.
            Cause = past.Ships ? revision.Cause : null,
            Emergency = past.Ships ? revision.Emergency : null,
            Revision = revision.Number,
            UndoneBy = Undone.In(s.History).Where(pair => pair.Release == past)
                .Select(pair => (int?)pair.Undo.Release).FirstOrDefault(),
        };
    }

    /// <summary>What began an undo by itself is known of the revision that it has left.</summary>
    static string WhyOf(Service s, Past past) => past is { Why: "", Kind: RunKind.Undo, From: { } left }
        && s.RevisionOf(left).Failed is { } failure && failure.Release == past.Release ? failure.Why : past.Why;

    /// <summary>Enumerations as the API writes them: in camel case.</summary>
    public static string Word<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    static string ModeOf(Run run) => run switch
    {
        { Mode: Mode.Back } => "back",
        { Mode: Mode.Paused } => "paused",
        { AwaitsApproval: true } => "approval",
        _ => "forward",
    };

    static StepReport StepOf(ToldStep step, Run run, Service s, Seen seen, bool overdue)
    {
        var index = step.Number - 1;
        var state = index < run.At ? "done" : index == run.At ? "now" : "next";
        var note = state != "now" ? "" : run.Mode == Mode.Paused ? $"paused: {run.Why}" : NoteOf(step.Step, s, seen);
        if (note.Length == 0 && overdue && state == "now")
            note = seen.Judgement is { Answering: false } ? "waiting for a silent source" : "waiting for more evidence";
        return new(step.Number, Kind(step.Step), step.Text, state, note, step.Takes.Time.TotalSeconds);
    }

    internal static string Kind(Step step) => step.GetType().Name.ToLowerInvariant();

    /// <summary>What the step under way still waits for.</summary>
    static string NoteOf(Step step, Service s, Seen seen) => step switch
    {
        Step.Scale { Grows: true } x => $"{seen.ReadyOf(x.Fleet)} of {x.To} ready",
        Step.Scale x => $"{seen.Find(x.Fleet)?.Live ?? 0} still running",
        Step.Shift => "waiting for the gateway",
        Step.Ask { Question: Question.Approval x } => x.By.Count == 0
            ? "waiting for anybody's approval"
            : $"waiting for the approval of {string.Join(" or ", x.By)}",
        Step.Ask { Question: Question.Webhook { Confirms: true } } => "waiting for its yes",
        Step.Ask => "waiting for the answer",
        Step.Set => "waiting for the setting",
        Step.Wait x when x.MinRequests > 0 && Requests(s, seen) < x.MinRequests =>
            $"{Requests(s, seen)} of {x.MinRequests} requests",
        _ => "",
    };

    static long Requests(Service s, Seen seen) =>
        seen.Judgement is { } judgement && judgement.Entered == s.Run?.Entered ? judgement.Requests : 0;

    static DateTimeOffset EndsAbout(Seq<ToldStep> steps, Run run, DateTimeOffset now)
    {
        var left = steps.Skip(Math.Max(0, run.At)).Aggregate(TimeSpan.Zero, (sum, step) =>
            step.Takes.Is == Certainty.AtMost ? sum : sum + step.Takes.Time);
        var passed = run.Step is Step.Wait ? now - run.Since : TimeSpan.Zero;
        return now + (left > passed ? left - passed : TimeSpan.Zero);
    }

    static GateReport GateOf(Reading reading) =>
        new(reading.Gate, Word(reading.Verdict), reading.Evidence, reading.Harmless, reading.Acts);

    static IEnumerable<(Fleet Fleet, string Role)> Sides(Run run, Fleet? from)
    {
        if (from is { } stable && stable != run.Candidate) yield return (stable, "stable");
        yield return (run.Candidate, "candidate");
    }

    static SideReport SideOf(Service s, Seen seen, Fleet fleet, string role) =>
        new(s.RevisionOf(fleet).Version, role, seen.ReadyOf(fleet), s.Want.SizeOf(fleet))
        {
            SharePercent = s.Want.Table.Value.ShareOf(fleet).Basis / 100.0,
        };
}
