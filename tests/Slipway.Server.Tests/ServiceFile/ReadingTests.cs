using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.ServiceFile;

public sealed class ReadingTests
{
    [Fact]
    public void A_command_is_taken_apart_and_quotes_keep_together()
    {
        var spec = Yaml.Read("""
            service: shop
            runtime: { process: { command: './shop --title "two words" --say ''it is'' {port}' } }
            """).Spec.ShouldNotBeNull();
        ((RuntimeSpec.Process)spec.Runtime)
            .Command.ShouldBe(["./shop", "--title", "two words", "--say", "it is", "{port}"]);
    }

    [Fact]
    public void A_command_may_be_a_list()
    {
        var spec = Yaml.Read("""
            service: shop
            runtime: { process: { command: [./shop, --title, two words] } }
            """).Spec.ShouldNotBeNull();
        ((RuntimeSpec.Process)spec.Runtime).Command.ShouldBe(["./shop", "--title", "two words"]);
    }

    [Fact]
    public void References_stay_references()
    {
        var spec = Yaml.Spec("""
            schema: { database: "${SHOP_DB}", changes: ./schema }
            notify: [ { slack: "${SLACK_WEBHOOK_URL}" } ]
            """);
        spec.Schema.ShouldBe(new SchemaSpec("${SHOP_DB}", "./schema"));
        spec.Notify.ShouldBe([new NotifySpec(NotifyKind.Slack, "${SLACK_WEBHOOK_URL}")]);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5_400)]
    [InlineData("2d", 172_800)]
    [InlineData("1.5h", 5_400)]
    public void Durations_are_understood(string text, double seconds) =>
        Yaml.Spec($"keepOld: {text}").KeepOld.TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData("[5, 25, 100]")]
    [InlineData("[5%, 25 %, 100%]")]
    [InlineData("[\"5\", '25%', 100]")]
    public void A_bare_share_is_in_percent(string steps) =>
        Canary($"strategy: {{ canary: {{ steps: {steps} }} }}")
            .Steps.ShouldBe([Share.Percent(5), Share.Percent(25), Share.All]);

    [Fact]
    public void Initial_and_increment_make_steps() =>
        Canary("strategy: { canary: { initial: 5%, increment: 40% } }").Steps
            .ShouldBe([Share.Percent(5), Share.Percent(45), Share.Percent(85), Share.All]);

    [Theory]
    [InlineData("strategy: rolling")]
    [InlineData("strategy: { rolling: }")]
    [InlineData("strategy: { rolling: {} }")]
    [InlineData("")]
    public void A_strategy_without_keys_has_its_defaults(string yaml) =>
        Yaml.Spec(yaml).Strategy.ShouldBe(new StrategySpec.Rolling());

    [Fact]
    public void A_share_of_another_systems_events_a_leak_and_measurements_in_a_row_are_read()
    {
        var gates = Yaml.Spec("""
            gates:
              - compare: payments
                from: prometheus
                query: "bad{v='{version}'}"
                of: "all{v='{version}'}"
                worse: lower
              - { memoryGrowth: { max: 2% }, window: 10m, warmUp: 30s }
              - { cpu: { max: 80% }, failures: 3, successes: 2 }
            """).Gates;
        gates[0].Rule.ShouldBe(new GateRule.Compare(Metric.Custom)
        {
            Source = new("payments", "prometheus", "bad{v='{version}'}") { Of = "all{v='{version}'}" },
            LessIsWorse = true,
        });
        gates[1].WarmUp.ShouldBe(TimeSpan.FromSeconds(30));
        gates[1].Rule.ShouldBe(new GateRule.Limit(Metric.MemoryGrowth, .02));
        (gates[2].Failures, gates[2].Successes).ShouldBe((3, 2));
    }

    [Fact]
    public void Several_percentiles_are_several_gates() =>
        Yaml.Spec("gates: [ { latency: { p50: 20ms, p99.9: 1s, for: 30s } } ]").Gates.ShouldBe(
        [
            new GateSpec(new GateRule.Limit(Metric.Latency, Max: 0.02,
                Percentile: 0.5)) { For = TimeSpan.FromSeconds(30) },
            new GateSpec(new GateRule.Limit(Metric.Latency, Max: 1,
                Percentile: 0.999)) { For = TimeSpan.FromSeconds(30) },
        ]);

    [Theory]
    [InlineData("compare: errorRate, worseBy: 0.5%", Metric.ErrorRate, 0.005, 1.2, null)]
    [InlineData("compare: errorRate, worseBy: 50% of stable", Metric.ErrorRate, 0, 1.5, null)]
    [InlineData("compare: latency, worseBy: 50ms, percentile: p95", Metric.Latency, 0.05, 1.2, 0.95)]
    [InlineData("compare: latency", Metric.Latency, 0, 1.2, 0.99)]
    public void Worse_is_told_in_points_in_time_or_as_a_ratio(string keys, Metric metric, double by, double ratio,
        double? percentile) =>
        Yaml.Spec($"gates: [ {{ {keys} }} ]").Gates[0].Rule
            .ShouldBe(new GateRule.Compare(metric, by, ratio, percentile));

    [Fact]
    public void A_metric_of_another_system_has_its_source()
    {
        var gate = Yaml.Spec("""
            gates:
              - { metric: completion, from: prometheus, query: "rate(done[1m])", min: 95, severity: warn, name: games }
            """).Gates[0];
        gate.Name.ShouldBe("games");
        gate.Severity.ShouldBe(Severity.Warn);
        gate.Rule.ShouldBe(new GateRule.Limit(Metric.Custom, Min: 95)
        {
            Source = new("completion", "prometheus", "rate(done[1m])"),
        });
    }

    [Fact]
    public void Rules_have_one_condition_or_several() =>
        Canary("""
            strategy:
              canary:
                rules:
                  - { name: beta, header: user-segment, is: [vip, internal], to: candidate, from: 5% }
                  - { path: { prefix: /beta }, not: true, to: stable }
                  - name: both
                    to: last
                    all: [ { cookie: plan, is: gold }, { client: 10.0.0.0/8 }, { query: x, exists: true } ]
            """).Rules.ShouldBe(
        [
            new("beta", One(new(Subject.Header, "user-segment", Comparison.In, ["vip", "internal"])), Side.Candidate,
                Share.Percent(5)),
            new("not path /beta", One(new(Subject.Path, "", Comparison.Prefix, ["/beta"], Not: true)), Side.Stable),
            new("both", new Match(
            [
                new(Subject.Cookie, "plan", Comparison.Equal, ["gold"]),
                new(Subject.Client, "", Comparison.InNetwork, ["10.0.0.0/8"]),
                new(Subject.Query, "x", Comparison.Exists, []),
            ]), Side.Last),
        ]);

    [Fact]
    public void Steps_by_hand_are_read_in_order()
    {
        var file = Yaml.Spec("""
            checks: { smoke: [ { http: / } ] }
            strategy:
              steps:
                - scale: 25%
                - check: smoke
                - shift: 5%
                - wait: 5m
                - wait: { for: 1m, minRequests: 7 }
                - approve: [release-managers]
                - set: { flag: new-checkout, to: on }
                - shift: 100%
                - settle
            """);
        ((StrategySpec.ByHand)file.Strategy).Steps.ShouldBe(
        [
            new HandStep.Scale(CountOrPercent.Percent(25)), new HandStep.Check("smoke"),
                new HandStep.Shift(Share.Percent(5)),
            new HandStep.Wait(TimeSpan.FromMinutes(5)), new HandStep.Wait(TimeSpan.FromMinutes(1), 7),
            new HandStep.Approve(["release-managers"], TimeSpan.FromHours(24)), new HandStep.Set("new-checkout", "on"),
                new HandStep.Shift(Share.All), new HandStep.Settle(),
        ]);
    }

    [Fact]
    public void A_window_without_hours_lasts_the_whole_day()
    {
        var window = Yaml.Spec("windows: [ { avoid: { days: [fri] }, zone: UTC, why: weekend } ]").Windows[0];
        window.Contains(new(2026, 11, 20, 0, 0, 0)).ShouldBeTrue();
        window.Contains(new(2026, 11, 20, 23, 59, 59)).ShouldBeTrue();
        window.Contains(new(2026, 11, 21, 0, 0, 0)).ShouldBeFalse();
    }

    [Fact]
    public void The_timeout_of_a_probe_is_never_longer_than_its_interval() =>
        Yaml.Spec("health: { readiness: { tcp: true, every: 200ms } }").Health.Readiness
            .ShouldBe(new ProbeSpec(new ProbeWay.Tcp())
            {
                Every = TimeSpan.FromMilliseconds(200),
                Timeout = TimeSpan.FromMilliseconds(200),
            });

    static StrategySpec.Canary Canary(string yaml) => Yaml.Spec(yaml).Strategy.ShouldBeOfType<StrategySpec.Canary>();

    static Match One(Condition condition) => new([condition]);
}
