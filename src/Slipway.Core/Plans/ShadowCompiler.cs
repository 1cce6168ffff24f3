using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Copies of real requests, answers dropped. It observes, and ends as it began.</summary>
static class ShadowCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.Shadow spec)
    {
        var size = Math.Max(1, spec.Instances.RoundedUp(s.Replicas));
        return new(Budget.Beside(s.Replicas),
        [
            new Step.Scale(s.Candidate, s.CandidateSize, size),
            .. Compiler.Smoke(s, s.Preview),
            new Step.Shift(s.Table with { Mirror = new Mirror(s.Candidate, spec.Mirror, spec.Methods) }),
            new Step.Wait(spec.For, 0),
            new Step.Shift(s.Table),
            new Step.Scale(s.Candidate, size, s.CandidateSize),
        ]);
    }
}
