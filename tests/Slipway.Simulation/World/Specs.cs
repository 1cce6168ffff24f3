using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Simulation.World;

/// <summary>Services as a seed draws them: any strategy, any sizes, short times.</summary>
static class Specs
{
    static readonly HandStep[] ByHand =
    [
        new HandStep.Scale(CountOrPercent.Count(1)),
        new HandStep.Check("smoke"),
        new HandStep.Set("new-checkout", "on"),
        new HandStep.Shift(Share.Percent(10)),
        new HandStep.Wait(TimeSpan.FromSeconds(20), 0),
        new HandStep.Approve([], TimeSpan.FromMinutes(1)),
        new HandStep.Scale(CountOrPercent.Percent(100)),
        new HandStep.Set("old-checkout", "off"),
        new HandStep.Shift(Share.All),
        new HandStep.Wait(TimeSpan.FromSeconds(20), 0),
        new HandStep.Settle(),
    ];

    public static ServiceSpec Draw(Harness.Simulation s) => Draw(s, Strategy(s));

    static ServiceSpec Draw(Harness.Simulation s, StrategySpec strategy) => new()
    {
        Service = World.Name,
        Runtime = new RuntimeSpec.Process(["./shop"]),
        Replicas = s.Between(1, 6),
        Schema = new("${SHOP_DB}", "schema"),
        KeepOld = s.Pick(TimeSpan.Zero, TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(5)),
        OnNewer = s.Pick(OnNewer.Supersede, OnNewer.Queue, OnNewer.Refuse),
        Strategy = strategy,
        Gates = Gates(s),
        Traffic = new()
        {
            Affinity = strategy is StrategySpec.AbTest || s.Chance(500) ? new(AffinityKey.Header, "user-id") : null,
        },
        Checks = new()
        {
            Smoke = s.Chance(500) ? [] : [new CheckSpec.Http("/")],
            Approval = s.Chance(700) ? null : new()
            {
                Before = s.Pick(ApprovalBefore.Traffic, ApprovalBefore.Promote),
                Timeout = TimeSpan.FromMinutes(1),
            },
            Webhooks = s.Chance(700) ? [] :
            [
                .. Enum.GetValues<WebhookMoment>().Where(_ => s.Chance(400)).Select(at => new WebhookSpec(at, "x")),
            ],
        },
        Hooks = s.Chance(700) ? new() : new()
        {
            Before = [new HookSpec(["./backup"]) { Undo = ["./restore"] }],
            After = [new HookSpec(["./warm"])],
        },
        Rollback = new()
        {
            Batch = s.Pick(0, 0, 1, 2),
            Every = Seconds(s, 5),
            Verify = s.Chance(700) ? null : new() { Within = TimeSpan.FromSeconds(30) },
        },
    };

    static Seq<GateSpec> Gates(Harness.Simulation s)
    {
        var compared = new GateSpec(new GateRule.Compare(Metric.ErrorRate, 0.005));
        var errors = new GateSpec(new GateRule.Limit(Metric.ErrorRate, Max: 0.01));
        var successes = new GateSpec(new GateRule.Limit(Metric.SuccessRate, Min: 0.9));
        return s.Next(6) switch
        {
            0 => [],
            1 or 2 => [compared],
            3 => [errors],
            4 => [compared, successes],
            // Nothing of it may ever act.
            _ => [compared with { Severity = Severity.Warn }, errors with { DryRun = true }],
        };
    }

    static StrategySpec Strategy(Harness.Simulation s) => s.Next(7) switch
    {
        0 => new StrategySpec.Recreate { Deadline = Deadline(s) },
        1 => Rolling(s),
        2 => new StrategySpec.BlueGreen
        {
            Validate = s.Chance(500) ? null : new() { For = Wait(s), MinRequests = s.Pick(0, 50) },
            Switch = s.Chance(500) ? [Share.All] : [Share.Percent(10), Share.Percent(50), Share.All],
            Every = Seconds(s, 20),
            Promote = s.Pick(Promote.Auto, Promote.Auto, Promote.Manual),
        },
        3 => Canary(s),
        4 => new StrategySpec.AbTest
        {
            For = Wait(s),
            MinRequests = s.Pick(0, 50),
            Then = s.Pick(AbEnd.Ask, AbEnd.Settle, AbEnd.Keep),
            Treatment = s.Pick(Share.Percent(50), Share.Percent(20)),
        },
        5 => new StrategySpec.Shadow { For = Wait(s), Mirror = s.Pick(Share.All, Share.Percent(10)) },
        _ => new StrategySpec.ByHand([.. ByHand
            .Where(step => IsNeeded(step) || s.Chance(700))
            .Where(step => step is not HandStep.Check)]),
    };

    static StrategySpec.Rolling Rolling(Harness.Simulation s)
    {
        var surge = s.Pick(
            CountOrPercent.Count(0), CountOrPercent.Count(1), CountOrPercent.Percent(25), CountOrPercent.Count(3));
        return new()
        {
            Batch = s.Between(1, 3),
            Interval = Seconds(s, 15),
            MaxSurge = surge,
            MaxUnavailable = surge.IsZero
                ? CountOrPercent.Count(s.Between(1, 2))
                : s.Pick(CountOrPercent.Count(0), CountOrPercent.Percent(25)),
            MinReady = Seconds(s, 4),
            Deadline = Deadline(s),
            TolerateFailures = s.Pick(0, 0.19),
        };
    }

    static StrategySpec.Canary Canary(Harness.Simulation s) => new()
    {
        Steps = s.Pick<Seq<Share>>(
            [Share.Percent(5), Share.Percent(25), Share.Percent(50), Share.All],
            [Share.Percent(10), Share.All],
            [Share.Percent(1), Share.Percent(30), Share.Percent(90), Share.All],
            [Share.All]),
        Every = Wait(s),
        MinRequests = s.Pick(0, 50, 100),
        Pace = s.Pick(Pace.Scheduled, Pace.Asap),
        Minimum = Seconds(s, 10),
        Undecided = s.Pick(Undecided.Wait, Undecided.Ask, Undecided.Health),
        Rules = s.Chance(500) ? [] :
        [
            new("beta", In("beta"), Side.Candidate, Share.Percent(1)),
            new("gold", In("gold"), Side.Last),
        ],
    };

    static Match In(string group) => new([new(Subject.Header, "group", Comparison.Equal, [group])]);

    /// <summary>Without it the candidate would not serve in the end; and settings are seldom enough.</summary>
    static bool IsNeeded(HandStep step) =>
        step is HandStep.Scale or HandStep.Set or HandStep.Settle or HandStep.Shift { To.Basis: Share.Whole };

    static TimeSpan Wait(Harness.Simulation s) => TimeSpan.FromSeconds(s.Between(5, 40));
    static TimeSpan Deadline(Harness.Simulation s) => TimeSpan.FromSeconds(s.Pick(20, 60, 600));
    static TimeSpan Seconds(Harness.Simulation s, int most) => TimeSpan.FromSeconds(s.Next(most + 1));
}
