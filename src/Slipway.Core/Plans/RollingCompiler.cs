using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>One batch after the other; the share of the traffic follows the share of the instances.</summary>
static class RollingCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.Rolling spec)
    {
        var rolled = Compiler.Roll(s, BudgetOf(spec, s.Replicas));
        return rolled with { Steps = [.. WithSmoke(s, rolled.Steps)] };
    }

    public static Budget BudgetOf(StrategySpec.Rolling spec, int replicas)
    {
        if (spec.MaxSurge.IsZero && spec.MaxUnavailable.IsZero)
            throw new PlanException(Replace.NothingMoves);

        var surge = spec.MaxSurge.RoundedUp(replicas);
        var unavailable = spec.MaxUnavailable.RoundedDown(replicas);
        // 25 % of one instance may be missing: rounded down that is none, and with no surge nothing would ever move.
        if (surge == 0 && unavailable == 0) unavailable = 1;
        return new(spec.Batch, surge, Math.Min(unavailable, replicas))
        {
            Interval = spec.Interval,
            MinReady = spec.MinReady,
            Tolerate = spec.TolerateFailures,
        };
    }

    /// <summary>The first instances are checked before anybody is sent to them.</summary>
    static IEnumerable<Step> WithSmoke(Situation s, Seq<Step> steps)
    {
        var (asked, held) = (false, false);
        foreach (var step in steps)
        {
            yield return step;
            if (step is Step.Shift shift) held = shift.Table.Holds;
            if (asked || step is not Step.Scale { Grows: true }) continue;
            asked = true;
            // With the last of the old gone, requests go on waiting: there is nobody to send them to.
            foreach (var check in Compiler.Smoke(s, held ? s.Holding(preview: true) : s.Preview)) yield return check;
        }
    }
}
