using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class RollbackKeys
{
    static readonly Shape<double> MaxErrors = new MapShape<double>("errorRate", 0)
        .Must("max", Percentages.Rate, "The most that is well.", (_, rate) => rate);

    static readonly Shape<double> MinAvailability = new MapShape<double>("availability", 0)
        .Must("min", Percentages.Rate, "The least that is well.", (_, rate) => rate);

    static readonly MapShape<VerifySpec> Verify = new MapShape<VerifySpec>("verify", new())
        .Key("within", Durations.Some, "How soon it must be well again; otherwise people are told.",
            (verify, time) => verify with { Within = time }, "5m")
        .Key("errorRate", MaxErrors, "The share of requests that fail.",
            (verify, rate) => verify with { ErrorRateMax = rate })
        .Key("availability", MinAvailability, "The share of requests that get an answer.",
            (verify, rate) => verify with { AvailabilityMin = rate });

    static readonly MapShape<BreakerSpec> Breaker = new MapShape<BreakerSpec>("breaker", new())
        .Key("after", Numbers.Whole(1, Limits.BreakerAfter), "So many of them.",
            (breaker, count) => breaker with { After = count }, "3")
        .Key("within", Durations.Some, "In this time.", (breaker, time) => breaker with { Within = time }, "24h");

    public static readonly MapShape<RollbackSpec> Rollback = new MapShape<RollbackSpec>("rollback", new())
        .Key("batch", Numbers.Whole(0, Limits.Replicas),
            "Instances replaced at a time; 0 goes as fast as the ready instances allow.",
            (rollback, count) => rollback with { Batch = count }, "0")
        .Key("every", Durations.Any, "The time between two batches.",
            (rollback, time) => rollback with { Every = time }, "10s")
        .Key("verify", Verify, "What is looked at afterwards.",
            (rollback, verify) => rollback with { Verify = verify })
        .Key("breaker", Breaker, "After too many releases that were taken back, new ones are refused.",
            (rollback, breaker) => rollback with { Breaker = breaker });
}
