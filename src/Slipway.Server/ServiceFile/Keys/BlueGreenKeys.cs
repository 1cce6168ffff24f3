using Slipway.Routing;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class BlueGreenKeys
{
    static readonly MapShape<ValidateSpec> Validate = new MapShape<ValidateSpec>("validate", new())
        .Key("traffic", Percentages.Share,
            "The share of real requests that the new fleet gets; 0 for the preview alone.",
            (validate, share) => validate with { Traffic = share }, "5%")
        .Key("for", Durations.Some, "How long.", (validate, time) => validate with { For = time }, "5m")
        .Key("minRequests", Numbers.Whole(0, Limits.Requests),
            "Requests that it must have answered before this can end.",
            (validate, count) => validate with { MinRequests = count }, "100");

    public static readonly MapShape<StrategySpec.BlueGreen> BlueGreen =
        new MapShape<StrategySpec.BlueGreen>("blueGreen", new())
        .Key("validate", Validate, "Lets the new fleet prove itself before the switch.",
            (blueGreen, validate) => blueGreen with { Validate = validate })
        .Key("switch", ShareSteps.Rising, "The shares on the way to all; [100] switches at once.",
            (blueGreen, shares) => blueGreen with { Switch = shares }, "[100]")
        .Key("every", Durations.Some, "The time between two of these shares.",
            (blueGreen, time) => blueGreen with { Every = time }, "30s")
        .Key("promote", Choices.Of<Promote>(), "Whether the switch waits for a person.",
            (blueGreen, promote) => blueGreen with { Promote = promote }, "auto")
        .Deadline("How long the new fleet may take to be ready.")
        .Check((blueGreen, places) =>
        {
            if (blueGreen.Validate is { } validate && validate.Traffic > blueGreen.Switch[0])
                places.Wrong("switch",
                    $"the switch begins at {blueGreen.Switch[0]}, below the {validate.Traffic} of validate",
                    "begin with more");
            if (blueGreen.Switch.Count == 1 && places.Has("every"))
                places.Doubtful("every", "every means nothing here", "the switch has one step");
        });
}
