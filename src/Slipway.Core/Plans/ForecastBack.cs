using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>
/// How long going back takes from each step: the very function that would go back is asked, with everything that is
/// wanted there being ready.
/// </summary>
sealed class ForecastBack(Situation s, Compiled compiled, Outlook outlook)
{
    readonly World _baseline = Stage.Begin(s);

    public TimeSpan From(Stage stage)
    {
        var service = Service(stage.After);
        var run = new Run(s.Release, RunKind.Deploy, s.Candidate, _baseline, compiled.Budget, compiled.Steps)
        {
            At = stage.Number - 1,
        };
        var seen = new Seen
        {
            Fleets = stage.After.Fleets.Select(wanted => Ready(wanted.Fleet, wanted.Size)).ToSeq(),
        };
        return Traffic(WayBack.From(service, run, seen), compiled.Budget);
    }

    static SeenFleet Ready(Fleet fleet, int size) => new(fleet, size, 0, size, size, size, 0);

    public GoingBack Summary(Seq<Stage> stages, Seq<TimeSpan> backs)
    {
        var slowest = backs.Append(TimeSpan.Zero).Max();
        var late = backs.ToList().FindIndex(back => back > TimeSpan.Zero);
        var during = late < 0 ? "at once from every step"
            : late == 0 ? $"~{Timing.Text(slowest)} at most"
            : $"at once up to step {late}, then ~{Timing.Text(slowest)} at most";
        if (s.IsFirst) return new("nothing ran before: going back stops it", slowest, TimeSpan.Zero, TimeSpan.Zero);
        var end = stages[^1].After;
        if (stages[^1].Step is not Step.Settle) return new(during, slowest, TimeSpan.Zero, TimeSpan.Zero);

        var later = Undo(end, 0);
        var warm = Undo(end, end.SizeOf(s.Stable)) == TimeSpan.Zero ? s.Spec.KeepOld : TimeSpan.Zero;
        var after = warm > TimeSpan.Zero
            ? $"{(late < 0 ? ", and for " : "; at once for ")}{Timing.Text(warm)} after"
            : $"; ~{Timing.Text(later)} after the release";
        return new(during + after, slowest, warm, later);
    }

    /// <summary>An undo after the release, with so many instances of the old version still running.</summary>
    public TimeSpan Undo(World end, int warm)
    {
        var situation = new Situation(s.Spec, s.StableRevision!, s.Release + 1)
        {
            StableRevision = s.Revision,
            StableSize = end.SizeOf(s.Candidate),
            CandidateSize = warm,
            Table = end.Table.Value,
        };
        var undo = Compiler.Undo(situation);
        return Traffic(undo.Steps, undo.Budget);
    }

    /// <summary>Until the last change of the route: what is stopped afterwards nobody waits for.</summary>
    TimeSpan Traffic(Seq<Step> steps, Budget budget)
    {
        var last = steps.ToList().FindLastIndex(step => step is Step.Shift);
        return steps.Take(last + 1).Aggregate(TimeSpan.Zero, (time, step) => time + step switch
        {
            Step.Scale { To: var to, From: var from } when to > from => outlook.StartUp + budget.MinReady,
            Step.Scale { To: var to, From: var from } when to < from => Outlook.AssumedStop,
            Step.Wait wait => wait.For,
            _ => TimeSpan.Zero,
        });
    }

    Service Service(World want) => new(s.Spec.Service)
    {
        Spec = s.Spec,
        Revisions = s.StableRevision is { } stable ? [stable, s.Revision] : [s.Revision],
        Stable = s.StableRevision?.Fleet,
        Want = want,
    };
}
