using Shouldly;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

public sealed class ForecastTests
{
    [Fact]
    public void Whatever_the_service_the_forecast_adds_up()
    {
        var draw = new Random(17);
        for (var i = 0; i < 400; i++)
        {
            var s = Drawn(draw);
            var (forecast, plan) = (s.Forecast(), s.Steps());
            forecast.Rows.Count.ShouldBe(plan.Count);
            forecast.Rows.ShouldAllBe(row => row.Undo.Length > 0 && row.Text.Length > 0);
            forecast.PeakInstances.ShouldBe(Peak(plan, s.StableSize));
            forecast.Scheduled.ShouldBeGreaterThanOrEqualTo(forecast.Shortest);
            forecast.Back.Slowest.ShouldBe(forecast.Rows.Max(row => row.Back));
            if (s.Spec.Strategy is not (StrategySpec.Recreate or StrategySpec.Rolling))
                forecast.Downtime.ShouldBe(TimeSpan.Zero);
        }
    }

    [Fact]
    public void Beside_a_whole_stable_fleet_going_back_is_at_once()
    {
        StrategySpec[] beside = [new StrategySpec.Canary(), new StrategySpec.BlueGreen(), new StrategySpec.Shadow()];
        foreach (var strategy in beside)
            Shop.Upgrade(strategy).Forecast().Back.Slowest.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Recreate_is_down_for_a_stop_and_a_start()
    {
        var forecast = Shop.Upgrade(new StrategySpec.Recreate { Hold = TimeSpan.FromSeconds(30) }).Forecast();
        forecast.Downtime.ShouldBe(TimeSpan.FromSeconds(7));
        forecast.HeldAtMost.ShouldBe(TimeSpan.FromSeconds(30));
        forecast.PeakInstances.ShouldBe(4);
        forecast.Tail.ShouldBeNull("nothing of the old version is left to stop");
    }

    [Fact]
    public void The_old_version_is_kept_and_then_stopped()
    {
        var forecast = Shop.Upgrade(new StrategySpec.Canary()).Forecast();
        forecast.Tail!.Text.ShouldBe("Stop 1.4.1 after 1 h");
        forecast.Tail.Undo.ShouldBe("~6 s to start again");
        forecast.Back.ShouldBe(new(
            "at once from every step, and for 1 h after",
            TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public void With_pace_asap_the_shortest_time_is_that_of_the_proof()
    {
        var asap = new StrategySpec.Canary { Pace = Pace.Asap, Minimum = TimeSpan.FromSeconds(30) };
        var forecast = Shop.Upgrade(Shop.With(asap).Gated()).Forecast();
        forecast.Scheduled.ShouldBe(TimeSpan.FromSeconds(4 * 300 + 3 * 6));
        forecast.Shortest.ShouldBe(TimeSpan.FromSeconds(4 * 30 + 3 * 6));
    }

    [Fact]
    public void Too_little_traffic_is_told_beforehand()
    {
        var s = Shop.Upgrade(Shop.With(new StrategySpec.Canary()).Gated());
        Forecaster.Deploy(s, Shop.Noon with { RequestsPerSecond = 1 }).Warnings.ShouldBe(
        [
            "Step 3 would stop and wait for traffic: 100 requests at 5 % of 1/s do not come in 20 min. "
                + "Lower minRequests, or begin with a larger share.",
        ]);
        Forecaster.Deploy(s, Shop.Noon with { RequestsPerSecond = 2 }).Rows[2].Takes.ToString()
            .ShouldBe("~16 min 40 s");
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(0, true)]
    public void What_changes_at_once_is_watched_while_the_old_version_is_kept(int minutes, bool never)
    {
        var spec = Shop.With(new StrategySpec.Recreate()).Gated() with { KeepOld = TimeSpan.FromMinutes(minutes) };
        var own = Alternatives.Of(Shop.Upgrade(spec), Shop.Noon).Single(compared => compared.Own);
        (own.FailedRequests is null).ShouldBe(never);
        own.Judged.ShouldBe(never ? "never" : "afterwards");
        (own.Forecast!.Findings.Columns.Count == 0).ShouldBe(never);
    }

    [Fact]
    public void Steps_by_hand_that_give_too_few_instances_the_traffic_are_told_beforehand()
    {
        var byHand = new StrategySpec.ByHand(
            [new HandStep.Scale(CountOrPercent.Count(2)), new HandStep.Shift(Share.All), new HandStep.Settle()]);
        Shop.Upgrade(Shop.With(byHand).Gated()).Forecast().Warnings.ShouldBe(
        [
            "Step 2 gives 100 % of the traffic to 2 of the 4 instances that should carry it. Scale before you shift.",
        ]);
    }

    [Fact]
    public void With_thin_traffic_the_schedule_counts_the_patience_that_the_shortest_time_counts()
    {
        var s = Shop.Upgrade(Shop.With(new StrategySpec.Canary()).Gated());
        var thin = Forecaster.Deploy(s, Shop.Noon with { RequestsPerSecond = 1 / 60.0 });
        thin.Scheduled.ShouldBeGreaterThanOrEqualTo(thin.Shortest);
        thin.Scheduled.ShouldBe(TimeSpan.FromSeconds(4 * 1200 + 3 * 6));
        thin.WaitsFor.ShouldBe(["4 steps that lack traffic"]);
    }

    [Fact]
    public void Without_gates_nobody_watches() => Shop.Upgrade(new StrategySpec.Canary()).Forecast().Warnings.ShouldBe(
        ["No gates watch 1.4.2, which gets its time in vain: only a failed start or check turns it back. Add gates."]);

    [Theory]
    [InlineData("2026-11-20T15:30:00Z", true)]
    [InlineData("2026-11-20T12:30:00Z", false)]
    [InlineData("2026-11-19T15:30:00Z", false)]
    public void A_time_to_avoid_is_told_by_the_clock_of_its_own_zone(string now, bool told)
    {
        var friday = new ChangeWindow(WindowKind.Avoid, [DayOfWeek.Friday], new(16, 0), new(20, 0))
        {
            Zone = "Europe/Berlin",
            Why = "the weekend begins",
        };
        var s = Shop.Upgrade(Shop.With(new StrategySpec.Recreate()).Gated() with { Windows = [friday] });
        const string Avoid =
            "It is Friday 16:30 in Europe/Berlin, a time to avoid (Fri 16:00-20:00): the weekend begins.";
        const string Until =
            "A deploy is refused until Fri 2026-11-20 20:00 in Europe/Berlin; --emergency \"why\" does not wait.";
        Forecaster.Deploy(s, new(DateTimeOffset.Parse(now))).Warnings.ShouldBe(told ? [Avoid, Until] : []);
    }

    [Fact]
    public void Outside_the_only_times_it_is_told_when_they_are()
    {
        var office = new ChangeWindow(WindowKind.Only, [DayOfWeek.Monday, DayOfWeek.Tuesday], new(9, 0), new(16, 0));
        var s = Shop.Upgrade(Shop.With(new StrategySpec.Recreate()).Gated() with { Windows = [office] });
        s.Forecast().Warnings.ShouldBe(
        [
            "It is Friday 12:00 in UTC; releases may begin Mon, Tue 09:00-16:00 only.",
            "A deploy is refused until Mon 2026-11-23 09:00 in UTC; --emergency \"why\" does not wait.",
        ]);
    }

    [Fact]
    public void The_same_version_again_is_told_apart()
    {
        var s = Shop.Upgrade(new StrategySpec.Recreate());
        var again = s with { Revision = s.Revision with { Version = "1.4.1" } };
        again.Forecast().Rows.Skip(1).Take(2).Select(row => row.Text)
            .ShouldBe(["Stop all 4 of the old 1.4.1", "Launch 4 instances of the new 1.4.1"]);
    }

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(.4, "400 ms")]
    [InlineData(6, "6 s")]
    [InlineData(60, "1 min")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(3600, "1 h")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(604800, "7 d")]
    public void Times_have_two_units_at_most(double seconds, string text) =>
        Timing.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void A_comparison_has_every_strategy_and_says_which_is_impossible()
    {
        var all = Alternatives.Of(Shop.Upgrade(Shop.With(new StrategySpec.Canary()).Gated()), Shop.Noon);
        all.Select(compared => compared.Strategy)
            .ShouldBe(["recreate", "rolling", "blue-green", "canary", "A/B test", "shadow"]);
        all.Single(compared => compared.Own).Strategy.ShouldBe("canary");
        all.Single(compared => compared.Impossible is not null).Strategy.ShouldBe("A/B test");
        double Failed(string strategy) => all.Single(compared => compared.Strategy == strategy).FailedRequests!.Value;
        Failed("shadow").ShouldBe(0, "nobody sees its answers");
        Failed("canary").ShouldBeLessThan(Failed("recreate"));
    }

    [Fact]
    public void A_comparison_has_no_figures_of_a_plan_that_cannot_be()
    {
        var byHand = new StrategySpec.ByHand([new HandStep.Shift(Share.Percent(50)), new HandStep.Settle()]);
        Alternatives.Of(Shop.Upgrade(byHand), Shop.Noon).Single(compared => compared.Own).Impossible
            .ShouldBe("step 1: traffic would go to 1.4.2, which has no instances: scale it first");
    }

    static int Peak(Seq<Step> plan, int stable)
    {
        var sizes = new Dictionary<Fleet, int> { [Shop.Old] = stable };
        var peak = stable;
        foreach (var scale in plan.OfType<Step.Scale>())
        {
            sizes[scale.Fleet] = scale.To;
            peak = Math.Max(peak, sizes.Values.Sum());
        }
        return peak;
    }

    static Situation Drawn(Random draw)
    {
        var spec = Shop.With(Strategy(draw), draw.Next(1, 9)).Sticky();
        if (draw.Next(2) == 0) spec = spec.Checked();
        spec = spec with
        {
            KeepOld = TimeSpan.FromMinutes(draw.Next(3)),
            Rollback = new() { Batch = draw.Next(3), Every = TimeSpan.FromSeconds(draw.Next(20)) },
        };
        return Shop.Upgrade(spec);
    }

    static StrategySpec Strategy(Random draw) => draw.Next(6) switch
    {
        0 => new StrategySpec.Recreate(),
        1 => new StrategySpec.Rolling
        {
            Batch = draw.Next(1, 4),
            MaxSurge = CountOrPercent.Count(draw.Next(3)),
            MaxUnavailable = CountOrPercent.Percent(draw.Next(1, 100)),
            Interval = TimeSpan.FromSeconds(draw.Next(2) * 10),
            MinReady = TimeSpan.FromSeconds(draw.Next(6)),
        },
        2 => new StrategySpec.BlueGreen
        {
            Validate = draw.Next(2) == 0 ? null : new(),
            Switch = draw.Next(2) == 0 ? [Share.All] : [Share.Percent(30), Share.All],
        },
        3 => new StrategySpec.Canary
        {
            Steps = [Share.Percent(draw.Next(1, 50)), Share.Percent(draw.Next(50, 100)), Share.All],
            Pace = (Pace)draw.Next(2),
        },
        4 => new StrategySpec.AbTest { Treatment = Share.Percent(draw.Next(1, 100)), Then = (AbEnd)draw.Next(3) },
        _ => new StrategySpec.Shadow
        {
            Mirror = Share.Percent(draw.Next(1, 101)),
            Instances = CountOrPercent.Percent(draw.Next(1, 101)),
        },
    };
}
