using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>Cpu, memory, throughput, restarts and what other systems measure.</summary>
public sealed class MeanGateTests
{
    static Verdict Judged(GateSpec gate, int seconds, Func<int, Sample> sample) => Told(gate, seconds, sample).Verdict;

    static Reading Told(GateSpec gate, int seconds, Func<int, Sample> sample)
    {
        var judge = new Judge([gate]);
        for (var t = 0; t < seconds; t++) judge.Tick(sample(t));
        return judge.Readings[0];
    }

    static Func<int, Sample> Cpu(double candidate, double? stable)
    {
        var draws = new Draws(3);
        return _ => new(1, new(50, 0) { Cpu = candidate + .02 * draws.Normal() },
            stable is { } s ? new FleetCounts(50, 0) { Cpu = s + .02 * draws.Normal() } : null);
    }

    static GateSpec CpuLimit => new(new GateRule.Limit(Metric.Cpu, Max: .8));

    static Func<int, Sample> Custom(double candidate, double? stable = null, double? first = null) => t =>
        new(1, new(50, 0), new FleetCounts(50, 0))
        {
            Custom = t % 15 == 0 ? [new("completed", t == 0 ? first ?? candidate : candidate, stable)] : [],
        };

    static GateSpec CustomGate(double? max = null, double? min = null, double? equal = null) =>
        new(new GateRule.Limit(Metric.Custom, max, min)
        {
            EqualTo = equal,
            Tolerance = 1,
            Source = new("completed", "prometheus", "…"),
        });

    [Fact]
    public void Cpu_over_its_limit_and_worse_than_stable_fails() =>
        Told(CpuLimit, 200, Cpu(.95, .5)).ShouldSatisfyAllConditions(
            reading => reading.Verdict.ShouldBe(Verdict.Fail),
            reading => reading.Evidence.ShouldBe(
                "cpu 95 % against 50 % (limit 80 %): worse than stable by at least 44 points, decided after 2 min"));

    [Fact]
    public void Cpu_over_its_limit_on_both_sides_is_not_the_release() =>
        Judged(CpuLimit, 600, Cpu(.9, .9)).ShouldBe(Verdict.NotTheRelease);

    [Fact]
    public void Cpu_within_its_limit_is_harmless_even_when_worse() =>
        Judged(CpuLimit, 600, Cpu(.7, .5)).ShouldBe(Verdict.NoHarm);

    [Fact]
    public void Cpu_over_its_limit_without_a_control_fails_after_a_minute() =>
        Judged(CpuLimit, 70, Cpu(.9, null)).ShouldBe(Verdict.Fail);

    [Fact]
    public void Memory_that_is_not_measured_is_undecided() =>
        Judged(new(new GateRule.Limit(Metric.Memory, Max: .8)), 600, Cpu(.9, .9)).ShouldBe(Verdict.Undecided);

    [Fact]
    public void A_value_that_is_no_number_is_missing() =>
        Told(CpuLimit, 60, _ => new(1, new(50, 0) { Cpu = double.NaN })).ShouldSatisfyAllConditions(
            reading => reading.Answering.ShouldBeFalse(),
            reading => reading.Verdict.ShouldBe(Verdict.Undecided));

    [Fact]
    public void Compared_cpu_fails_beyond_what_is_tolerated_only()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Cpu));
        Judged(gate, 600, Cpu(.55, .5)).ShouldBe(Verdict.NoHarm);
        Judged(gate, 600, Cpu(.8, .5)).ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void A_custom_value_is_held_to_its_limits_by_a_plain_rule_when_it_has_no_control()
    {
        Judged(CustomGate(min: 95), 120, Custom(80, first: 99)).ShouldBe(Verdict.Fail);
        Judged(CustomGate(min: 95), 120, Custom(99)).ShouldBe(Verdict.NoHarm);
        Judged(CustomGate(max: 5), 120, Custom(6, first: 4)).ShouldBe(Verdict.Fail);
        Judged(CustomGate(min: 1, max: 5), 120, Custom(3)).ShouldBe(Verdict.NoHarm);
        Judged(CustomGate(min: 1, max: 5), 120, Custom(.5, first: 3)).ShouldBe(Verdict.Fail);
        Judged(CustomGate(equal: 10), 120, Custom(12, first: 10)).ShouldBe(Verdict.Fail);
        Judged(CustomGate(equal: 10), 120, Custom(10.5)).ShouldBe(Verdict.NoHarm);
        Told(CustomGate(min: 95), 120, Custom(80, first: 99)).Evidence
            .ShouldBe("completed 80 (limit at least 95): out of its limit all the time, decided after 91 s");
    }

    [Fact]
    public void A_custom_value_that_is_bad_on_both_sides_is_not_the_release() =>
        Judged(CustomGate(min: 95), 300, Custom(80, 80)).ShouldBe(Verdict.NotTheRelease);

    static Func<int, Sample> Answers(double candidate, double stable, double noise = .2)
    {
        var draws = new Draws(8);
        return t => new(1, new(50, 0), new FleetCounts(50, 0))
        {
            Custom = t % 5 == 4
                ? [new("completed", candidate + noise * draws.Normal(), stable + noise * draws.Normal())]
                : [],
        };
    }

    [Theory]
    [InlineData(null, 95.0, 90.5, 99)]
    [InlineData(100.0, null, 106, 99)]
    public void Out_of_a_limit_that_stable_keeps_worse_is_worse_by_however_little(
        double? max, double? min, double candidate, double stable)
    {
        var gate = CustomGate(max, min) with { Failures = 3 };
        var told = Told(gate, 60, Answers(candidate, stable));
        told.OverLimit.ShouldBeTrue("no step may end well like this");
        told.Harmless.ShouldBeFalse();
        told.Evidence.ShouldEndWith(": out of its limit");
        Judged(gate, 150, Answers(candidate, stable)).ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void A_value_that_is_back_within_its_limit_holds_nothing_up()
    {
        var (bad, good) = (Answers(90.5, 99), Answers(98, 99));
        Told(CustomGate(min: 95), 130, t => t < 40 ? bad(t) : good(t)).OverLimit.ShouldBeFalse();
    }

    /// <summary>Half an hour right at the limit, in which every second block is out of it.</summary>
    [Fact]
    public void An_identical_version_right_at_its_limit_is_hardly_ever_turned_back()
    {
        var alarms = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var (draws, judge) = (new Draws((ulong)seed), new Judge([CpuLimit]));
            for (var t = 0; t < 1800 && judge.Verdict != Verdict.Fail; t += 5)
                judge.Tick(new(5, new(50, 0) { Cpu = .8 + .05 * draws.Normal() },
                    new FleetCounts(50, 0) { Cpu = .8 + .05 * draws.Normal() }));
            if (judge.Verdict == Verdict.Fail) alarms++;
        }

        alarms.ShouldBeLessThan(6);
    }

    static GateSpec Compared(bool less) => new(new GateRule.Compare(Metric.Custom)
    {
        Source = new("completed", "prometheus", "…"),
        LessIsWorse = less,
    });

    [Theory]
    [InlineData(true, 40, Verdict.Fail)]
    [InlineData(true, 80, Verdict.NoHarm)]
    [InlineData(false, 40, Verdict.NoHarm)]
    [InlineData(false, 80, Verdict.Fail)]
    public void A_compared_value_says_which_way_is_worse(bool less, double candidate, Verdict verdict)
    {
        var draws = new Draws(8);
        Judged(Compared(less), 600, t => Custom(candidate + draws.Normal(), 60 + draws.Normal())(t)).ShouldBe(verdict);
    }

    [Fact]
    public void A_candidate_that_answers_less_than_its_share_loses_throughput()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Throughput));
        var draws = new Draws(8);
        Sample At(double mine, double? share) =>
            new(1, new(draws.Poisson(mine), 0), new FleetCounts(draws.Poisson(90), 0)) { Share = share };
        Told(gate, 600, _ => At(4, .1)).Verdict.ShouldBe(Verdict.Fail);
        Judged(gate, 600, _ => At(10, .1)).ShouldNotBe(Verdict.Fail);
        Judged(gate, 600, _ => At(4, null)).ShouldBe(Verdict.Undecided);
    }

    static Func<int, Sample> Memory(double perHour, double stablePerHour)
    {
        var draws = new Draws(5);
        double At(int t, double growth) => .3 + growth * t / 3600 + .002 * draws.Normal();
        return t => new(
            1, new(50, 0) { Memory = At(t, perHour) }, new FleetCounts(50, 0) { Memory = At(t, stablePerHour) });
    }

    [Fact]
    public void Memory_that_grows_too_fast_fails_long_before_it_is_used_up()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.MemoryGrowth, Max: .05)) { Window = TimeSpan.FromMinutes(5) };
        var told = Told(gate, 310, Memory(.5, 0));
        told.Verdict.ShouldBe(Verdict.Fail);
        told.Evidence.ShouldContain("(limit 5 points)");
        Judged(gate, 310, Memory(.5, .5)).ShouldBe(Verdict.NotTheRelease);
        Judged(gate, 310, Memory(.01, 0)).ShouldNotBe(Verdict.Fail);
        Judged(gate, 200, Memory(.5, 0)).ShouldBe(Verdict.Undecided);
    }

    [Fact]
    public void A_short_window_of_growth_is_looked_back_over_and_not_more()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.MemoryGrowth, Max: .05))
        {
            Window = TimeSpan.FromSeconds(30),
        };
        Judged(gate, 25, Memory(5, 0)).ShouldBe(Verdict.Undecided);
        Judged(gate, 31, Memory(5, 0)).ShouldBe(Verdict.Fail);
        Judged(gate, 31, Memory(.01, 0)).ShouldNotBe(Verdict.Fail);
    }

    [Theory]
    [InlineData(2, 45, Verdict.Fail)]
    [InlineData(5, 95, Verdict.Undecided)]
    [InlineData(5, 120, Verdict.Fail)]
    public void A_value_fails_after_as_many_measurements_as_asked(int failures, int seconds, Verdict verdict) =>
        Judged(CpuLimit with { Failures = failures }, seconds, Cpu(.9, null)).ShouldBe(verdict);

    [Theory]
    [InlineData(100, Verdict.Undecided)]
    [InlineData(220, Verdict.NoHarm)]
    public void A_value_is_harmless_after_as_many_measurements_as_were_asked_for(int seconds, Verdict verdict) =>
        Judged(CpuLimit with { Successes = 10 }, seconds, Cpu(.5, .5)).ShouldBe(verdict);

    [Fact]
    public void Events_that_another_system_counts_are_judged_like_errors()
    {
        var source = new CustomMetric("payments", "prometheus", "failed") { Of = "all" };
        var gate = new GateSpec(new GateRule.Compare(Metric.Custom) { Source = source });
        Sample At(int bad) => new(1, new(50, 0), new FleetCounts(500, 0))
        {
            Counted = [new("payments", new(bad, 20), new EventCount(1, 200))],
        };
        Told(gate, 60, _ => At(4)).Evidence.ShouldStartWith("payments 20 %");
        Judged(gate, 60, _ => At(4)).ShouldBe(Verdict.Fail);
        Judged(gate, 600, _ => At(0)).ShouldBe(Verdict.NoHarm);
        Told(gate, 60, _ => new(1, new(50, 0), new FleetCounts(500, 0))).Answering.ShouldBeFalse();
    }

    [Fact]
    public void Too_little_throughput_beside_a_control_is_not_the_release()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.Throughput, Min: 200));
        Judged(gate, 120, Cpu(.5, .5)).ShouldBe(Verdict.NotTheRelease);
        Judged(gate, 120, Cpu(.5, null)).ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void Restarts_fail_beyond_what_stable_would_ever_show()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Restarts));
        Sample At(int t, int crashes) => new(1, new(50, 0) { Restarts = t < crashes ? 1 : 0, Instances = 4 },
            new FleetCounts(50, 0) { Instances = 4 });
        Judged(gate, 60, t => At(t, 1)).ShouldBe(Verdict.Undecided);
        Judged(gate, 60, t => At(t, 5)).ShouldBe(Verdict.Fail);
        Judged(gate, 60, t => At(t, 0)).ShouldBe(Verdict.NoHarm);
    }

    [Fact]
    public void Restarts_that_are_no_more_than_stable_s_are_no_harm_however_many_they_are()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Restarts));
        Sample At(int t) => new(1, new(50, 0) { Restarts = t % 120 == 60 ? 1 : 0, Instances = 1 },
            new FleetCounts(50, 0) { Restarts = t % 30 == 20 ? 1 : 0, Instances = 4 });
        for (var minutes = 1; minutes <= 30; minutes++) Judged(gate, 60 * minutes, At).ShouldNotBe(Verdict.Fail);
    }

    [Fact]
    public void Restarts_over_a_limit_fail_at_once() =>
        Judged(new(new GateRule.Limit(Metric.Restarts, Max: 2)), 5, t => new(1, new(50, 0) { Restarts = 1 }))
            .ShouldBe(Verdict.Fail);
}
