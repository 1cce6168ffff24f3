using System.Diagnostics;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>From a strategy to the six steps. A new strategy is one more compiler.</summary>
public static class Compiler
{
    /// <summary>A deploy. The first one has nothing to compare with: launch, check, route, settle.</summary>
    public static Compiled Deploy(Situation s)
    {
        var compiled = s.IsFirst ? First(s) : s.Spec.Strategy switch
        {
            StrategySpec.Recreate => RecreateCompiler.Compile(s),
            StrategySpec.Rolling x => RollingCompiler.Compile(s, x),
            StrategySpec.BlueGreen x => BlueGreenCompiler.Compile(s, x),
            StrategySpec.Canary x => CanaryCompiler.Compile(s, x),
            StrategySpec.AbTest x => AbTestCompiler.Compile(s, x),
            StrategySpec.Shadow x => ShadowCompiler.Compile(s, x),
            StrategySpec.ByHand x => ByHandCompiler.Compile(s, x),
            _ => throw new UnreachableException(),
        };
        Seq<Step> steps = [.. Before(s), .. Finish(s, Promotion.Guarded(s, compiled.Steps))];
        return InTime(s, compiled) with { Steps = Moments.Asked(s, steps) };
    }

    /// <summary>
    /// To a revision that was stable once. Warm: one change of the route. Cold: it is started beside the one that
    /// serves, or in its place where two versions must never run side by side.
    /// </summary>
    /// <param name="settings">What the releases that are undone had set, as it was before.</param>
    public static Compiled Undo(Situation s, IEnumerable<Step.Set> settings)
    {
        var undo = InTime(s, Undo(s));
        return undo with { Steps = BeforeSettling(undo.Steps, settings) };
    }

    public static Compiled Undo(Situation s)
    {
        if (s.CandidateSize >= s.Replicas) return new(Budget.Beside(s.Replicas), To(s));
        return s.Spec switch
        {
            { Strategy: StrategySpec.Recreate } => RecreateCompiler.Compile(s),
            { Rollback: { Batch: > 0 and var batch, Every: var every } } =>
                Roll(s, new(batch, batch, 0) { Interval = every }),
            _ => new(Budget.Beside(s.Replicas), To(s)),
        };
    }

    /// <summary>The same bits again, one batch after the other.</summary>
    public static Compiled Restart(Situation s) => InTime(s, s.Spec.Strategy switch
    {
        StrategySpec.Recreate => RecreateCompiler.Compile(s),
        StrategySpec.Rolling rolling => Roll(s, RollingCompiler.BudgetOf(rolling, s.Replicas)),
        _ => Roll(s, new(Math.Max(1, s.Replicas / 4), Math.Max(1, s.Replicas / 4), 0)),
    });

    /// <summary>The end of a service: nobody reaches it, then nothing of it runs.</summary>
    public static Compiled Remove(Situation s, IEnumerable<string> settings) => new(
        Budget.Beside(s.Replicas),
        [
            new Step.Shift(RouteTable.Closed),
            new Step.Scale(s.Stable, s.StableSize, 0),
            .. settings.Select(name => new Step.Set(name, null)),
        ]);

    /// <summary>Waits until nothing but stable is alive, then takes the old shape away.</summary>
    public static Compiled Purge(Situation s, string change, IEnumerable<Fleet> others) => new(
        Budget.Beside(s.Replicas),
        [
            .. others.Select(fleet => new Step.Scale(fleet, 0, 0)),
            new Step.Set(Step.Set.Schema(change), Step.Set.Purged),
        ]);

    static Compiled InTime(Situation s, Compiled compiled) =>
        compiled with { Budget = compiled.Budget with { Deadline = s.Spec.Strategy.Deadline } };

    internal static Compiled Roll(Situation s, Budget budget) =>
        new(budget, [.. Replacement(s, budget).Steps(s.StableSize, s.CandidateSize), new Step.Settle(s.Candidate)]);

    internal static Replace Replacement(Situation s, Budget budget) => new(s.Stable, s.Candidate, s.Replicas, budget)
    {
        Split = s.Weighted,
        Hold = s.Holding(),
    };

    static Compiled First(Situation s) => new(
        Budget.Beside(s.Replicas),
        [
            Grow(s, s.Replicas),
            .. Smoke(s, s.Previewed(RouteTable.Closed)),
            .. Cutover(s),
        ]);

    /// <summary>
    /// A warm fleet is asked for all the same: it may have lost instances, and it is over at once if not.
    /// </summary>
    static Seq<Step> To(Situation s) => [Grow(s, s.Replicas), .. Cutover(s)];

    internal static Step Grow(Situation s, int to) => new Step.Scale(s.Candidate, s.CandidateSize, to);

    internal static IEnumerable<Step> GrowTo(Situation s, int from, int to) =>
        to > from ? [new Step.Scale(s.Candidate, from, to)] : [];

    internal static IEnumerable<Step> Cutover(Situation s) => [new Step.Shift(s.Settled), new Step.Settle(s.Candidate)];

    /// <summary>Checks that no user's request depends on yet, put to the candidate's preview address.</summary>
    internal static IEnumerable<Step> Smoke(Situation s, RouteTable preview) => s.Spec.Checks.Smoke.Count == 0
        ? []
        : [new Step.Shift(preview), new Step.Ask(Check(s, Promotion.Smoke, s.Spec.Checks.Smoke))];

    /// <summary>Checks run one after the other, so they may take the sum of their times.</summary>
    internal static Question.Check Check(Situation s, string name, Seq<CheckSpec> checks) =>
        new(name, s.Candidate, checks, TimeSpan.FromTicks(checks.Sum(check => check.Timeout.Ticks)));

    static IEnumerable<Step> Before(Situation s)
    {
        foreach (var hook in s.Spec.Hooks.Before) yield return Hook("before", hook);
        if (s.Spec.Checks.Approval is { Before: ApprovalBefore.Traffic } approval)
            yield return new Step.Ask(new Question.Approval("the release", approval.By, approval.Timeout));
    }

    /// <summary>Hooks after the release come before the pointer moves: one that fails turns the release back.</summary>
    static Seq<Step> Finish(Situation s, Seq<Step> steps) =>
        BeforeSettling(steps, s.Spec.Hooks.After.Select(hook => Hook("after", hook)));

    static Seq<Step> BeforeSettling(Seq<Step> steps, IEnumerable<Step> last) => steps is [.., Step.Settle settle]
        ? [.. steps.Take(steps.Count - 1), .. last, settle]
        : [.. steps, .. last];

    static Step.Ask Hook(string moment, HookSpec hook) =>
        new(new Question.Hook(moment, hook.Run, hook.Undo, hook.Timeout));
}
