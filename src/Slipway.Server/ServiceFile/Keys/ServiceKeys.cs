using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>The keys at the top of slipway.yaml: the way into all others.</summary>
internal static class ServiceKeys
{
    static readonly Shape<string> ServiceName = Texts.Named(
        "a name of small letters, digits and -, like shop", "^[a-z0-9][a-z0-9-]{0,62}$");

    static readonly ServiceSpec Start = new() { Service = "", Runtime = null! };

    public static readonly MapShape<ServiceSpec> File = new MapShape<ServiceSpec>("slipway.yaml", Start)
        .Must("service", ServiceName, "What the service is called, in commands and on the dashboard.",
            (file, name) => file with { Service = name })
        .Key("environment", ServiceName, "Where it runs. A service is known by its name and its environment.",
            (file, name) => file with { Environment = name }, "production")
        .Must("runtime", RuntimeKeys.Runtime, "How an instance comes to life.",
            (file, runtime) => file with { Runtime = runtime })
        .Key("replicas", Numbers.Whole(1, Limits.Replicas), "How many instances serve.",
            (file, count) => file with { Replicas = count }, "1")
        .Key("keepOld", Durations.Any,
            "How long the previous fleet stays warm and the new one is watched: undo is instant meanwhile.",
            (file, time) => file with { KeepOld = time }, "1h")
        .Key("onNewer", Choices.Of<OnNewer>(),
            "What a newer deploy does to a running release: replaces it, waits for it, or is refused.",
            (file, choice) => file with { OnNewer = choice }, "supersede")
        .Key("falseAlarm", Percentages.RateFrom(Limits.FalseAlarm, 50),
            "The chance, over a whole release, that an identical version is rolled back.",
            (file, chance) => file with { FalseAlarm = chance }, "1%")
        .Key("health", HealthKeys.Health, "How an instance is asked whether it is well.",
            (file, health) => file with { Health = health })
        .Key("traffic", TrafficKeys.Traffic, "How requests come in and who gets which version.",
            (file, traffic) => file with { Traffic = traffic })
        .Key("strategy", StrategyKeys.Strategy, "How a new version takes over.",
            (file, strategy) => file with { Strategy = strategy }, "rolling")
        .Key("gates", GateKeys.Gates, "Conditions on metrics, judged all through a release.",
            (file, gates) => file with { Gates = gates }, "[]")
        .Key("sources", SourceKeys.Sources, "The other systems that gates ask.",
            (file, sources) => file with { Sources = sources })
        .Key("checks", CheckKeys.Checks, "Questions that are asked once.",
            (file, checks) => file with { Checks = checks })
        .Key("hooks", CheckKeys.Hooks, "Commands that run before and after a release.",
            (file, hooks) => file with { Hooks = hooks })
        .Key("rollback", RollbackKeys.Rollback, "How to go back, and how it is verified that going back helped.",
            (file, rollback) => file with { Rollback = rollback })
        .Key("schema", SchemaKeys.Schema, "The database that changes together with the code.",
            (file, schema) => file with { Schema = schema })
        .Key("notify", NotifyKeys.Notify, "Who hears of it.",
            (file, notify) => file with { Notify = notify }, "[]")
        .Key("windows", WindowKeys.Windows, "When new versions may come, and when not.",
            (file, windows) => file with { Windows = windows }, "[]");
}
