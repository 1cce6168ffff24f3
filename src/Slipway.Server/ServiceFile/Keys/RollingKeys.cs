using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class RollingKeys
{
    const double Tolerable = Defaults.TolerateFailuresBelow * 100;

    public static readonly MapShape<StrategySpec.Rolling> Rolling = new MapShape<StrategySpec.Rolling>("rolling", new())
        .Key("batch", Numbers.Whole(1, Limits.Replicas), "How many instances are replaced at a time.",
            (rolling, count) => rolling with { Batch = count }, "1")
        .Key("interval", Durations.Any, "The pause between two batches.",
            (rolling, time) => rolling with { Interval = time }, "0s")
        .Key("maxUnavailable", Percentages.Instances,
            "How many of the replicas may be missing meanwhile, rounded down.",
            (rolling, count) => rolling with { MaxUnavailable = count }, "25%")
        .Key("maxSurge", Percentages.Instances, "How many instances there may be above replicas, rounded up.",
            (rolling, count) => rolling with { MaxSurge = count }, "25%")
        .Key("minReady", Durations.Any, "How long an instance must have been ready before it counts.",
            (rolling, time) => rolling with { MinReady = time }, "0s")
        .Deadline("How long a batch may take to be ready.")
        .Key("tolerateFailures", Percentages.RateUpTo(Tolerable, "when a fifth fails, it is the version"),
            "While fewer than this share of the instances fail, the release goes on and ends as \"completed with " +
                "failures\". At most 20%.",
            (rolling, share) => rolling with { TolerateFailures = share }, "0%")
        .Check((rolling, places) =>
        {
            if (rolling.MaxUnavailable.IsZero && rolling.MaxSurge.IsZero)
                places.Wrong("maxSurge", "maxUnavailable and maxSurge are both 0",
                    "nothing could ever be replaced: raise one of them");
        });
}
