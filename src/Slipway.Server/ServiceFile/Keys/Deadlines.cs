using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>Every strategy starts instances, and none waits for them for ever.</summary>
internal static class Deadlines
{
    public const string Default = "10m";

    public static MapShape<T> Deadline<T>(this MapShape<T> strategy, string text) where T : StrategySpec =>
        strategy.Key("deadline", Durations.Some, text, (spec, time) => spec with { Deadline = time }, Default);
}
