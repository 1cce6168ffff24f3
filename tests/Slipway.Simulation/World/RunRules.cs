using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Simulation.World;

/// <summary>What must hold of every run, read from the journal alone.</summary>
static class RunRules
{
    public static IEnumerable<(string Invariant, string Text)> Broken(Service s, Event e, Seq<Recorded> append)
    {
        if (e is Event.Started x && SkipsApproval(x))
            yield return (Invariants.ApprovalIsGiven, $"release {x.Release} never asks");
        if (e is Event.Started { Reason: Reason.Outage } back
            && (s.Guard?.ToldAt is null || s.Previous?.Fleet != back.Candidate))
            yield return (Invariants.OutageIsTold, $"release {back.Release} takes {s.Stable} back to {back.Candidate}");
        if (s.Run is not { } run) yield break;
        if (e is Event.Entered entered && entered.Step != run.At + 1)
            yield return (Invariants.NoStepIsSkipped, $"step {entered.Step} is entered after step {run.At}");
        if (e is Event.Ended && !run.IsLast)
            yield return (Invariants.NoStepIsSkipped, $"release {run.Release} ends after step {run.At}");
        if (e is Event.TurnedBack turned && Undos(run) != turned.Plan.Count(IsHook))
            yield return (Invariants.HooksAreUndone, $"{turned.Plan.Count(IsHook)} of {Undos(run)} hooks are undone");
        if (e is Event.Entered or Event.Ended && IsRefused(run) && !append.Any(other => other.Event is Event.Noticed))
            yield return (Invariants.HooksAreUndone, $"nobody is told that {run.Step} failed");
    }

    /// <summary>Sizes after a way back; what waited meanwhile changes them at once.</summary>
    public static IEnumerable<string> Unlike(Run run, Releases.World world) => run.Baseline.Fleets
        .Select(wanted => wanted.Fleet).Append(run.Candidate)
        .Where(fleet => world.SizeOf(fleet) != run.Baseline.SizeOf(fleet))
        .Select(fleet => $"{fleet} has size {world.SizeOf(fleet)} instead of {run.Baseline.SizeOf(fleet)}");

    /// <summary>Asked by the specification: a question that was never compiled is skipped too.</summary>
    static bool SkipsApproval(Event.Started x)
    {
        if (x.NewRevision?.Spec.Checks.Approval is null || x.Kind == RunKind.Restart) return false;
        var promoted = x.Plan.ToList()
            .FindIndex(step => step is Step.Shift shift && shift.Table.ShareOf(x.Candidate) == Share.All);
        return promoted >= 0
            && !x.Plan.Take(promoted).Any(step => step is Step.Ask { Question: Question.Approval });
    }

    static int Undos(Run run) => run.HooksRun.Count(hook => hook.Undo.Count > 0);

    static bool IsHook(Step step) => step is Step.Ask { Question: Question.Hook };

    static bool IsRefused(Run run) =>
        run is { Mode: Mode.Back, Answer.Passed: false, Step: { } step } && IsHook(step);
}
