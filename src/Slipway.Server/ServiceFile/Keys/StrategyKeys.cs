using Slipway.Routing;
using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>Exactly one strategy; each has its keys in a class of this folder.</summary>
internal static class StrategyKeys
{
    static readonly MapShape<StrategySpec.Recreate> Recreate = new MapShape<StrategySpec.Recreate>("recreate", new())
        .Key("hold", Durations.Any, "How long a request waits for the new version, before it is refused.",
            (recreate, time) => recreate with { Hold = time }, "30s")
        .Deadline("How long the new instances may take to be ready.");

    static readonly MapShape<StrategySpec.Shadow> Shadow = new MapShape<StrategySpec.Shadow>("shadow", new())
        .Key("mirror", Percentages.SomeShare,
            "The share of requests that the new version gets a copy of. Its answers are dropped.",
            (shadow, share) => shadow with { Mirror = share }, "100%")
        .Key("methods", Lists.OneOrMore(Choices.Words("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")),
            "The methods that are copied.", (shadow, methods) => shadow with { Methods = methods }, "[GET, HEAD]")
        .Key("for", Durations.Some, "How long.", (shadow, time) => shadow with { For = time }, "30m")
        .Key("env", SettingsShape.Environment,
            "Variables of the copy's environment, over those of runtime: another database, say.",
            (shadow, env) => shadow with { Env = env }, "{}")
        .Key("instances", Percentages.Instances, "How many instances the copy has.",
            (shadow, count) => shadow with { Instances = count }, "100%")
        .Deadline("How long the copy's instances may take to be ready.")
        .Check((shadow, places) =>
        {
            if (shadow.Methods.Any(method => method is not ("GET" or "HEAD" or "OPTIONS")) && shadow.Env.Count == 0)
                places.Doubtful("methods", "copied writes happen twice", "give the copy its own database under env");
        });

    static readonly MapShape<StrategySpec.AbTest> AbTest = new MapShape<StrategySpec.AbTest>("abTest", new())
        .Key("rules", SegmentKeys.Rules, "Requests that are treated apart from the split.",
            (test, rules) => test with { Rules = rules }, "[]")
        .Key("split", Split(), "How everybody else is divided. The two add up to 100.",
            (test, treatment) => test with { Treatment = treatment }, "{ control: 50, treatment: 50 }")
        .Key("for", Durations.Some, "How long.", (test, time) => test with { For = time }, "7d")
        .Key("experiment", Texts.Any,
            "The experiment whose decision is to end the test early. It is not asked yet: time ends the test.",
            (test, name) => test with { Experiment = name })
        .Key("minRequests", Numbers.Whole(0, Limits.Requests),
            "Requests that the treatment must have answered before it can end well.",
            (test, count) => test with { MinRequests = count }, "100")
        .Key("then", Choices.Of<AbEnd>(),
            "What follows when time is over without a harm: a person decides (ask), the treatment takes over " +
            "(settle), or everybody is back in control (keep).",
            (test, end) => test with { Then = end }, "ask")
        .Deadline("How long the treatment's instances may take to be ready.")
        .Check((_, places) =>
        {
            if (places.Has("experiment"))
                places.Doubtful("experiment", "experiment means nothing yet", "the test ends when its time is over");
        });

    public static readonly MapShape<StrategySpec> Strategy = new MapShape<StrategySpec>("strategy", null!)
        .Key("recreate", Recreate, "Stop all, start all; requests wait meanwhile.", (_, recreate) => recreate)
        .Key("rolling", RollingKeys.Rolling, "A few instances at a time.", (_, rolling) => rolling)
        .Key("blueGreen", BlueGreenKeys.BlueGreen, "A whole second fleet, validated, then switched to.",
            (_, blueGreen) => blueGreen)
        .Key("canary", CanaryKeys.Canary, "A growing share of the traffic, watched at each step.",
            (_, canary) => canary)
        .Key("abTest", AbTest, "Both versions for a time, to learn which is better.", (_, test) => test)
        .Key("shadow", Shadow, "The new version gets copies only; nobody sees its answers.", (_, shadow) => shadow)
        .Key("steps", HandStepKeys.Steps, "The steps written by hand.", (_, steps) => new StrategySpec.ByHand(steps))
        .ExactlyOne("recreate", "rolling", "blueGreen", "canary", "abTest", "shadow", "steps");

    static Shape<Share> Split() => new MapShape<(Share Control, Share Treatment)>("split", default)
        .Must("control", Percentages.Share, "The share that stays with the stable version.",
            (split, share) => split with { Control = share })
        .Must("treatment", Percentages.Share, "The share that gets the new version.",
            (split, share) => split with { Treatment = share })
        .Check((split, places) =>
        {
            var sum = split.Control.Basis + split.Treatment.Basis;
            if (sum == Share.Whole && split.Treatment == Share.None)
                places.Wrong("treatment", "a treatment of 0 is seen by nobody",
                    "more than 0, and as much less control");
            if (sum != Share.Whole)
                places.Wrong("treatment", $"control and treatment add up to {sum / 100.0:0.##}, not 100",
                    $"write {split.Control.Rest.Basis / 100.0:0.##}");
        })
        .Select(split => split.Treatment);
}
