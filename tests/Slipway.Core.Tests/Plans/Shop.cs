using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>A shop at 1.4.1 that is to become 1.4.2.</summary>
static class Shop
{
    public static readonly Fleet Old = new(1), New = new(2);
    public static readonly Outlook Noon = new(new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public static ServiceSpec With(StrategySpec strategy, int replicas = 4) => new()
    {
        Service = "shop",
        Runtime = new RuntimeSpec.Process(["./shop"]),
        Replicas = replicas,
        Strategy = strategy,
    };

    public static Situation Upgrade(ServiceSpec spec)
    {
        var stable = new Revision(1, "1.4.1", spec);
        return new(spec, new(2, "1.4.2", spec), 2)
        {
            StableRevision = stable,
            StableSize = spec.Replicas,
            Table = new(Target.All(stable.Fleet)) { Salt = "shop-1", Affinity = spec.Traffic.Affinity },
        };
    }

    public static Situation Upgrade(StrategySpec strategy, int replicas = 4) => Upgrade(With(strategy, replicas));

    public static Situation First(ServiceSpec spec) => new(spec, new(1, "1.4.2", spec), 1);

    public static Forecast Forecast(this Situation s) => Forecaster.Deploy(s, Noon);

    /// <summary>The sentences of the plan, numbered: what somebody would read.</summary>
    public static string Told(this Situation s) =>
        string.Join('\n', s.Forecast().Rows.Select(row => $"{row.Number,2}  {row.Text}"));

    public static Seq<Step> Steps(this Situation s) => Compiler.Deploy(s).Steps;

    public static ServiceSpec Checked(this ServiceSpec spec) => spec with
    {
        Checks = new()
        {
            Smoke = [new CheckSpec.Http("/"), new CheckSpec.Run(["./smoke.sh"])],
            BeforePromote = [new CheckSpec.Webhook("https://qa.example.com")],
            Approval = new() { By = ["release-managers"] },
        },
        Hooks = new()
        {
            Before = [new HookSpec(["./backup.sh"]) { Undo = ["./restore.sh"] }],
            After = [new HookSpec(["./warm-cache.sh"])],
        },
    };

    public static ServiceSpec Gated(this ServiceSpec spec) => spec with
    {
        Gates = [new GateSpec(new GateRule.Limit(Metric.ErrorRate, Max: .01))],
    };

    public static ServiceSpec Sticky(
        this ServiceSpec spec, AffinityKey key = AffinityKey.Cookie, string name = "slipway") => spec with
        {
            Traffic = spec.Traffic with { Affinity = new(key, name) },
        };
}
