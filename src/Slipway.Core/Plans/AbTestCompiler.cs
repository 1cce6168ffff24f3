using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Two versions for different people, for a time or until an experiment has decided.</summary>
static class AbTestCompiler
{
    public static Compiled Compile(Situation s, StrategySpec.AbTest spec)
    {
        if (s.Spec.Traffic.Affinity is not { } affinity)
            throw new PlanException("An A/B test needs traffic.affinity, so that each user keeps seeing one variant.");

        var size = Math.Max(s.CandidateSize, spec.Treatment.InstancesOf(s.Replicas));
        return new(Budget.Beside(s.Replicas),
        [
            .. Compiler.GrowTo(s, s.CandidateSize, size),
            .. Compiler.Smoke(s, s.Preview),
            new Step.Shift(s.Split(spec.Treatment, [.. spec.Rules, .. Anonymous(affinity)])),
            new Step.Wait(spec.For, s.Evidence(spec.MinRequests)),
            .. spec.Then == AbEnd.Keep ? Keep(s, size) : Take(s, spec, size),
        ]);
    }

    static IEnumerable<Step> Take(Situation s, StrategySpec.AbTest spec, int size) =>
    [
        .. spec.Then == AbEnd.Ask ? [Decide()] : Array.Empty<Step>(),
        .. Compiler.GrowTo(s, size, s.Replicas),
        .. Compiler.Cutover(s),
    ];

    /// <summary>Control stays. The test has been run, which is what was wanted: this is no failure.</summary>
    static IEnumerable<Step> Keep(Situation s, int size) =>
        [new Step.Shift(s.Table), new Step.Scale(s.Candidate, size, s.CandidateSize)];

    static Step.Ask Decide() =>
        new(new Question.Approval("the treatment", [], TimeSpan.FromDays(30)) { IsChoice = true });

    /// <summary>Who cannot be told apart cannot be kept in a variant, so they stay in control.</summary>
    static IEnumerable<SegmentRule> Anonymous(AffinitySpec affinity) => affinity.Key == AffinityKey.Header
        ? [new("anonymous", new Match([new Condition(Subject.Header, affinity.Name, Comparison.Exists, [], Not: true)]), Side.Stable)]
        : [];
}
