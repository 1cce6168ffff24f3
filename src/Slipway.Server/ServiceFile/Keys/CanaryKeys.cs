using Slipway.Routing;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class CanaryKeys
{
    static readonly Shape<Share> FineShare = Percentages.SomeShare;

    public static readonly Shape<StrategySpec.Canary> Canary = new MapShape<Draft>("canary", new(new()))
        .Key("steps", ShareSteps.Rising, "The shares of the traffic, one after the other, up to 100.",
            (canary, steps) => canary.Set(spec => spec with { Steps = steps }), "[5, 25, 50, 100]")
        .Key("initial", FineShare, "Instead of steps: the first share.",
            (canary, share) => canary with { Initial = share })
        .Key("increment", FineShare, "Instead of steps: how much each further step adds.",
            (canary, share) => canary with { Increment = share })
        .NotBoth("steps", "initial").NotBoth("steps", "increment")
        .Only("initial", "increment").Only("increment", "initial")
        .Key("every", Durations.Some, "How long a step is watched.",
            (canary, time) => canary.Set(spec => spec with { Every = time }), "5m")
        .Key("minRequests", Numbers.Whole(0, Limits.Requests),
            "Requests that the new version must have answered in a step before it can end.",
            (canary, count) => canary.Set(spec => spec with { MinRequests = count }), "100")
        .Key("pace", Choices.Of<Pace>(), "Whether a step lasts its time, or ends as soon as harmlessness is proven.",
            (canary, pace) => canary.Set(spec => spec with { Pace = pace }), "scheduled")
        .Key("minimum", Durations.Any, "With pace asap: no step ends before this.",
            (canary, time) => canary.Set(spec => spec with { Minimum = time }), "30s")
        .Key("undecided", Choices.Of<Undecided>(),
            "What a step does after 4 times its length with too little traffic to judge: pauses until the requests " +
            "have come (wait), pauses until a person resumes or aborts (ask), or goes on if instances are healthy " +
            "and no gate has failed (health).",
            (canary, choice) => canary.Set(spec => spec with { Undecided = choice }), "wait")
        .Key("deadline", Durations.Some, "How long the instances of a step may take to be ready.",
            (canary, time) => canary.Set(spec => spec with { Deadline = time }), Deadlines.Default)
        .Key("rules", SegmentKeys.Rules, "Requests that are treated apart from the shares.",
            (canary, rules) => canary.Set(spec => spec with { Rules = rules }), "[]")
        .Check((canary, places) =>
        {
            if (places.Has("minimum") && canary.Spec.Pace == Pace.Scheduled)
                places.Doubtful("minimum", "minimum means nothing here", "it goes with pace: asap");
            if (canary.Spec.Pace == Pace.Asap && canary.Spec.Minimum > canary.Spec.Every)
                places.Wrong("minimum", "minimum is longer than every", "a step may not end later than it ends");
            if (places.Has("increment")
                && ShareSteps.Count(canary.Initial, canary.Increment) is > Limits.Steps and var many)
                places.Wrong("increment", $"these are {many} steps", $"at most {Limits.Steps}: add more in each");
        })
        .Select(canary => canary.Done());

    sealed record Draft(StrategySpec.Canary Spec)
    {
        public Share Initial { get; init; }
        public Share Increment { get; init; }

        public Draft Set(Func<StrategySpec.Canary, StrategySpec.Canary> change) => this with { Spec = change(Spec) };

        public StrategySpec.Canary Done() =>
            Increment == Share.None ? Spec : Spec with { Steps = ShareSteps.From(Initial, Increment) };
    }
}
