using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// From a wish to a release: the revision, its plan, and the check of it. A plan that cannot be is a refusal.
/// </summary>
static class Start
{
    public static Decision Deploy(Service s, Deployment deployment, DateTimeOffset now)
    {
        var spec = s.Spec!;
        if (s.StableRevision is { } stable && stable.IsSame(deployment.Version, spec))
            return Decision.Refuse(
                $"{s.Name} is on {deployment.Version} already. To start the same again: slipway restart {s.Name}");

        var revision = new Revision(s.NextRevision, deployment.Version, spec)
        {
            At = now,
            By = deployment.By,
            Cause = deployment.Cause,
            Commit = deployment.Commit,
            CommitTime = deployment.CommitTime,
            Emergency = deployment.Emergency,
            Shadow = spec.Strategy is StrategySpec.Shadow && s.Stable is not null,
        };
        return Begin(s, s.Stable is null ? RunKind.First : RunKind.Deploy, revision, Compiler.Deploy, isNew: true);
    }

    /// <summary>
    /// What waited for the last release. It was checked when it was asked for, so a refusal now is told to people.
    /// </summary>
    public static Decision Queued(Service s, Deployment next, DateTimeOffset now)
    {
        var decision = Admission.Refusal(s, next, now) is { } closed
            ? Decision.Refuse(closed)
            : Deploy(s, next, now);
        return decision.Refusal is { } why
            ? new Event.Dropped($"{next.Version} was not released: {why}")
            : decision;
    }

    public static Decision Undo(Service s, Revision revision) =>
        Begin(s, RunKind.Undo, revision, at => Compiler.Undo(at, SettingsBefore(s, revision.Fleet)), isNew: false);

    /// <summary>
    /// As they were when that revision had settled: the latest change is taken back first, and the oldest value stays.
    /// </summary>
    static IEnumerable<Step.Set> SettingsBefore(Service s, Fleet fleet) => s.History.Reverse()
        .Where(past => past.HasSettled).TakeWhile(past => past.Candidate != fleet)
        .SelectMany(past => past.Changed.Reverse())
        .GroupBy(earlier => earlier.Name)
        .Select(group => new Step.Set(group.Key, group.Last().Value))
        .Where(set => s.Want.SettingOf(set.Name) != set.Value);

    public static Decision UndoByItself(
        Service s, Guard guard, Reading failed, DateTimeOffset now, Reason reason = Reason.GateFailed,
        string? why = null)
    {
        var (decision, judged) = (Undo(s, s.RevisionOf(guard.BackTo)), Mind.Judged(failed, now));
        return decision.Events is [Event.Started started]
            ? Decision.Of(judged, started with
            {
                Reason = reason,
                Why = why ?? failed.Evidence,
                Plan = started.Plan.AddRange(WayBack.Verify(s, guard.BackTo)),
            })
            : Decision.Of(
                judged,
                new Event.Unguarded($"could not go back by itself: {decision.Refusal}"));
    }

    public static Decision Restart(Service s, DateTimeOffset now)
    {
        var revision = s.StableRevision! with { Number = s.NextRevision, At = now };
        return Begin(s, RunKind.Restart, revision, Compiler.Restart, isNew: true);
    }

    public static Decision Purge(Service s, string change) =>
        Begin(s, RunKind.Purge, s.StableRevision!, at => Compiler.Purge(at, change, Others(s)), isNew: false);

    /// <summary>Whatever may still be running apart from stable.</summary>
    static IEnumerable<Fleet> Others(Service s) =>
        s.Want.Fleets.Select(wanted => wanted.Fleet).Where(fleet => fleet != s.Stable);

    public static Decision Remove(Service s) => s.StableRevision is { } stable
        ? Begin(s, RunKind.Remove, stable, at => Compiler.Remove(at, Flags(s)), isNew: false)
        : new Event.Removed();

    /// <summary>What moved with the releases goes with the service; a schema belongs to its database.</summary>
    static IEnumerable<string> Flags(Service s) => s.Want.Settings
        .Where(wanted => wanted.Value is not null && Step.Set.IsFlag(wanted.Name)).Select(wanted => wanted.Name);

    static Decision Begin(Service s, RunKind kind, Revision revision, Func<Situation, Compiled> compile, bool isNew)
    {
        // The warm fleet is let go when something else starts, so the plan is made and checked without it.
        var begun = s.LetGoBy(kind, revision.Fleet) is { } warm
            ? s with { Want = s.Want.With(warm, 0, s.Sequence), Previous = null }
            : s;
        try
        {
            var compiled = compile(Situation.Of(begun, s.Spec!, revision));
            var problems = kind is RunKind.Remove or RunKind.Purge
                ? []
                : PlanCheck.Forward(compiled.Steps, begun.Want, fleet => fleet == revision.Fleet
                    ? revision.Version
                    : s.RevisionOf(fleet).Version);
            return problems.Count > 0
                ? Decision.Refuse($"The plan cannot be carried out: {string.Join("; ", problems)}.")
                : new Event.Started(s.Releases + 1, kind, revision.Fleet, compiled.Budget, compiled.Steps)
                {
                    NewRevision = isNew ? revision : null,
                };
        }
        catch (PlanException e)
        {
            return Decision.Refuse(e.Message);
        }
    }
}
