using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>A few first, then more; the fleet grows with its share, and stable keeps its size until the end.</summary>
static class CanaryCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.Canary spec) =>
        new(Budget.Beside(s.Replicas), [.. Steps(s, spec)]);

    static IEnumerable<Step> Steps(Situation s, StrategySpec.Canary spec)
    {
        var size = s.CandidateSize;
        var first = true;
        foreach (var share in spec.Steps)
        {
            // Before it grows to full size; of the only step the compiler asks later, when somebody is there to check.
            if (share == Share.All && !first)
                foreach (var step in Promotion.Asked(s, manual: false)) yield return step;

            var needed = share == Share.All ? s.Replicas : share.InstancesOf(s.Replicas);
            foreach (var step in Compiler.GrowTo(s, size, needed)) yield return step;
            size = Math.Max(size, needed);

            if (first)
                foreach (var step in Compiler.Smoke(s, s.Preview)) yield return step;
            first = false;

            yield return new Step.Shift(share == Share.All ? s.Settled : s.Split(share, spec.Rules));
            yield return new Step.Wait(spec.Every, s.Evidence(spec.MinRequests))
            {
                EarliestEnd = spec.Pace == Pace.Asap ? spec.Minimum : null,
                Undecided = spec.Undecided,
            };
        }

        yield return new Step.Settle(s.Candidate);
    }
}
