using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>A strategy as it would be for a service.</summary>
/// <param name="Own">It is the one that the file asks for.</param>
public sealed record Compared(string Strategy, bool Own)
{
    /// <summary>Why this strategy cannot be; everything else is then without meaning.</summary>
    public string? Impossible { get; init; }
    public Forecast? Forecast { get; init; }

    /// <summary>Requests answered with an error until a version with 5 % errors is found; null: never.</summary>
    public double? FailedRequests { get; init; }
    public string Judged { get; init; } = "";
}

/// <summary>All strategies for one service side by side: its own as written, the others with their defaults.</summary>
public static class Alternatives
{
    static readonly StrategySpec[] All =
    [
        new StrategySpec.Recreate(),
        new StrategySpec.Rolling(),
        new StrategySpec.BlueGreen { Validate = new() },
        new StrategySpec.Canary(),
        new StrategySpec.AbTest(),
        new StrategySpec.Shadow(),
    ];

    public static Seq<Compared> Of(Situation s, Outlook outlook)
    {
        var own = s.Spec.Strategy;
        var others = All.Select(other => other.GetType() == own.GetType() ? own : other);
        return others.Concat(own is StrategySpec.ByHand ? [own] : Array.Empty<StrategySpec>())
            .Select(strategy => Of(s, strategy, strategy == own, outlook)).ToSeq();
    }

    static Compared Of(Situation s, StrategySpec strategy, bool own, Outlook outlook)
    {
        try
        {
            var with = s with { Spec = s.Spec with { Strategy = strategy } };
            return Forecaster.Problems(with) is [var problem, ..]
                ? new(StrategyNames.Of(strategy), own) { Impossible = problem }
                : Forecaster.Compare(with, own, outlook);
        }
        catch (PlanException e)
        {
            return new(StrategyNames.Of(strategy), own) { Impossible = e.Message };
        }
    }
}
