using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Golden;

/// <summary>One stream in which every kind of thing that is ever journalled occurs, in an order that folds.</summary>
static class GoldenStream
{
    static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1));
    static readonly Fleet First = new(1), Second = new(2), Third = new(3);

    public static Seq<Recorded> Recorded => All.Select((e, i) => new Recorded(i + 1, Begin.AddSeconds(10 * i), e)
    {
        By = i % 3 == 0 ? "ann" : "",
        Command = i % 4 == 0 ? $"command-{i}" : null,
    }).ToSeq();

    static IEnumerable<Event> All => [.. Configuring, .. FirstRelease, .. GoingBack, .. WaysToEnd];

    static IEnumerable<Event> Configuring => [
        new Event.Registered(Spec(new StrategySpec.Recreate())),
        new Event.Removed(),
        new Event.Registered(Spec(new StrategySpec.Rolling
        {
            Batch = 2, MaxSurge = CountOrPercent.Count(1), TolerateFailures = 0.2,
        })),
        .. Strategies.Select(strategy => new Event.Changed(Spec(strategy))),
    ];

    static IEnumerable<StrategySpec> Strategies => [
        new StrategySpec.Recreate { Hold = TimeSpan.FromSeconds(20) },
        new StrategySpec.BlueGreen { Validate = new() { For = TimeSpan.FromMinutes(2) }, Promote = Promote.Manual },
        new StrategySpec.AbTest
        {
            Rules = [new("vip", Vip, Side.Candidate)], Experiment = "checkout", Then = AbEnd.Keep,
        },
        new StrategySpec.Shadow { Mirror = Share.Percent(50), Env = [new("DB", "${SHADOW_DB}")] },
        new StrategySpec.ByHand([
            new HandStep.Scale(CountOrPercent.Percent(50)),
            new HandStep.Shift(Share.Percent(10)),
            new HandStep.Wait(TimeSpan.FromMinutes(1), 50),
            new HandStep.Check("smoke"),
            new HandStep.Approve(["release-managers"], TimeSpan.FromHours(2)),
            new HandStep.Set("new-checkout", "on"),
            new HandStep.Settle(),
        ]),
        new StrategySpec.Canary { Pace = Pace.Asap, Undecided = Undecided.Ask, Rules = [new("vip", Vip, Side.Last)] },
    ];

    static IEnumerable<Event> FirstRelease => [
        new Event.Started(1, RunKind.First, First, Budget.Beside(4),
        [
            new Step.Scale(First, 0, 4),
            new Step.Ask(Smoke),
            new Step.Set("new-checkout", "on"),
            new Step.Shift(new(Target.All(First))),
            new Step.Settle(First),
        ]) { NewRevision = Revision(1), Reason = Reason.Asked, Why = "first" },
        new Event.Entered(0),
        new Event.Tolerated(First, 1),
        new Event.Entered(1),
        new Event.Answered(true, "GET /: 200"),
        new Event.Entered(2),
        new Event.Entered(3),
        new Event.Entered(4),
        new Event.Ended(Outcome.DoneWithFailures),
    ];

    static IEnumerable<Event> GoingBack => [
        new Event.Started(2, RunKind.Deploy, Second,
            new(1, 1, 0) { Tolerate = 0.2, Interval = TimeSpan.FromSeconds(5) },
        [
            new Step.Scale(Second, 0, 4),
            new Step.Ask(new Question.Hook("before", ["./backup.sh"], ["./restore.sh"], TimeSpan.FromMinutes(10))),
            new Step.Shift(Table(Share.Percent(5))),
            new Step.Wait(TimeSpan.FromMinutes(5), 100)
            {
                EarliestEnd = TimeSpan.FromSeconds(30), Undecided = Undecided.Health,
            },
            new Step.Ask(new Question.Approval("promote", ["release-managers"], TimeSpan.FromHours(24))
            {
                IsChoice = true,
            }),
            new Step.Ask(new Question.Webhook(Asked, Second)),
            new Step.Settle(Second),
        ]) { NewRevision = Revision(2) },
        new Event.Entered(0),
        new Event.Entered(1),
        new Event.Answered(true, "done"),
        new Event.Entered(2),
        new Event.Changed(Spec(new StrategySpec.Canary())),
        new Event.Entered(3),
        new Event.Weighed(new([1, 0.25, 1_234.5])),
        new Event.Promoted(false),
        new Event.Judged("errors", Verdict.Undecided, "3 of 40 against 2 of 760"),
        new Event.Paused(Reason.Undecided, "too few to judge"),
        new Event.Resumed(),
        new Event.Held(Share.Percent(2)),
        new Event.Asked(new("1.2.1")
        {
            By = "ann", Cause = "fixes it", Commit = "abc", CommitTime = Begin.AddHours(-1),
            Emergency = "the shop is down",
        }),
        new Event.Judged("errors", Verdict.Fail, "19 of 60 against 2 of 1140"),
        new Event.TurnedBack(Reason.GateFailed, "errors: 19 of 60 against 2 of 1140",
        [
            new Step.Shift(new(Target.All(First))),
            new Step.Scale(Second, 4, 0),
            new Step.Set("new-checkout", null),
            new Step.Ask(new Question.Verify(First, new() { ErrorRateMax = 0.01, AvailabilityMin = 0.99 })),
        ]),
        new Event.Entered(0),
        new Event.Noticed("the gateway is slow to answer"),
        new Event.Hurried(),
        new Event.Entered(1),
        new Event.Entered(2),
        new Event.Entered(3),
        new Event.Answered(true, "errors 0.2 %"),
        new Event.Ended(Outcome.RolledBack),
        new Event.Dropped("1.2.1 is gone"),
    ];

    static IEnumerable<Event> WaysToEnd => [
        new Event.Started(3, RunKind.Restart, Third, Budget.Beside(4),
        [
            new Step.Scale(Third, 0, 4),
            new Step.Shift(new(new Target.Hold(TimeSpan.FromSeconds(30)))),
            new Step.Shift(RouteTable.Closed),
            new Step.Shift(new(Target.All(Third))),
            new Step.Settle(Third),
        ]) { NewRevision = Revision(3) },
        .. Enumerable.Range(0, 5).Select(step => new Event.Entered(step)),
        new Event.Ended(Outcome.Done),
        new Event.Unguarded("could not go back by itself: its schema has been purged"),
        new Event.Cooled(First),
    ];

    static Match Vip => new([new(Subject.Header, "user-segment", Comparison.In, ["vip", "internal"])]);

    static Question.Check Smoke => new("smoke", First, SmokeChecks, TimeSpan.FromMinutes(1));

    static Seq<CheckSpec> SmokeChecks => [
        new CheckSpec.Http("/")
        {
            Expect = 204,
            Within = TimeSpan.FromSeconds(2),
            Header = [new("Cache-Control", "no-store")],
            Json = [new("status", "up")],
        },
        new CheckSpec.Run(["./smoke.sh", "--quick"]),
        new CheckSpec.Webhook("https://checks.example.com") { Secret = "${CHECKS}" },
        new CheckSpec.Load(["/"]) { P99 = TimeSpan.FromMilliseconds(500) },
    ];

    static WebhookSpec Asked => new(WebhookMoment.ConfirmPromotion, "https://ask.example.com")
    {
        Secret = "${ASK}", Timeout = TimeSpan.FromHours(1), Every = TimeSpan.FromSeconds(30),
    };

    static RouteTable Table(Share share) => new(Target.Between(First, Second, share))
    {
        Rules = [new("preview", Vip, Target.All(Second))],
        Mirror = new(Second, Share.Percent(1), ["GET"]),
        Affinity = new(AffinityKey.Cookie, "slipway"),
        Salt = "release-2",
    };

    static Revision Revision(int number) => new(number, $"1.{number}.0", Spec(new StrategySpec.Canary()))
    {
        At = Begin,
        By = "ann",
        Cause = "a feature",
        Commit = "abc",
        CommitTime = Begin.AddHours(-1),
        Emergency = number == 2 ? "the shop is down" : null,
        Shadow = number == 3,
    };

    static ServiceSpec Spec(StrategySpec strategy) => new()
    {
        Service = "shop",
        Runtime = new RuntimeSpec.Process(["./shop", "--urls", "http://127.0.0.1:{port}"])
        {
            Env = [new("DB", "${SHOP_DB}")],
        },
        Replicas = 4,
        Strategy = strategy,
        Health = new()
        {
            Startup = new(new ProbeWay.Tcp()),
            Readiness = new(new ProbeWay.Http("/ready") { Expect = [200, 204], Body = "ok" }) { Successes = 2 },
            Liveness = new(new ProbeWay.Run(["./alive.sh"])),
            Dependencies = ["database"],
        },
        Traffic = new()
        {
            Listen = "127.0.0.1:8080",
            Hosts = ["shop.example.com"],
            Tls = new("shop.pem", "shop.key"),
            Affinity = new(AffinityKey.Cookie, "slipway") { To = AffinityTo.Instance },
        },
        Gates =
        [
            new(new GateRule.Limit(Metric.Latency, Max: 0.2, Percentile: 0.99)) { For = TimeSpan.FromMinutes(1) },
            new(new GateRule.Compare(Metric.Custom, WorseBy: 0.5)
            {
                Source = new("done", "prometheus", "rate(done[1m])"),
            })
            {
                Severity = Severity.Warn, DryRun = true,
            },
        ],
        Checks = new() { Smoke = SmokeChecks, Approval = new() { By = ["release-managers"] }, Webhooks = [Asked] },
        Hooks = new() { Before = [new(["./backup.sh"]) { Undo = ["./restore.sh"] }] },
        Rollback = new() { Batch = 2, Verify = new() { ErrorRateMax = 0.01 }, Breaker = new() { After = 2 } },
        Schema = new("${SHOP_DB}", "schema"),
        Notify = [new(NotifyKind.Slack, "${SLACK}") { On = [NotifyOn.RolledBack] }],
        Windows =
        [
            new(WindowKind.Avoid, [DayOfWeek.Friday], new(16, 0), new(8, 0))
            {
                Zone = "Europe/Berlin", Why = "weekend",
            },
        ],
    };
}
