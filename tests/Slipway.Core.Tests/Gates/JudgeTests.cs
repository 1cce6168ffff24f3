using System.Text.Json;
using Shouldly;
using Slipway.Specification;
using Slipway.Support;
using Xunit;

namespace Slipway.Gates;

public sealed class JudgeTests
{
    static readonly GateSpec Limit = new(new GateRule.Limit(Metric.ErrorRate, Max: .01));
    static readonly GateSpec Compare = new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005));
    static readonly GateSpec Latency = new(new GateRule.Limit(Metric.Latency, Max: .2, Percentile: .99));

    static Sample Errors(long bad, long all, long stableBad, long stableAll) =>
        new(1, new(all, bad), new FleetCounts(stableAll, stableBad));

    static Judge After(int seconds, Sample sample, params GateSpec[] gates)
    {
        var judge = new Judge([.. gates]);
        for (var t = 0; t < seconds; t++) judge.Tick(sample);
        return judge;
    }

    [Fact]
    public void A_failure_names_its_gate_and_says_why()
    {
        var judge = new Judge([Compare]);
        for (var t = 0; t < 9; t++)
            judge.Tick(Errors(t is 2 or 5 or 6 or 8 ? 6 : 0, t == 8 ? 55 : 56, 1, 1060));
        judge.Verdict.ShouldBe(Verdict.Fail);
        judge.Readings.Single().Evidence.ShouldBe(
            "errors 3.6 % (6 of 168) against 0.094 % (3 of 3,180): at least 3 times worse, decided after 3 s");
    }

    [Fact]
    public void Of_several_metrics_the_one_that_suffers_is_named()
    {
        var service = new SimulatedService(5, 200);
        var judge = new Judge([Compare, Latency, Limit]);
        while (judge.Verdict != Verdict.Fail) judge.Tick(service.SlowTick(.1, 1, 2));
        judge.Readings.Where(reading => reading.Verdict == Verdict.Fail).Select(reading => reading.Evidence).ShouldBe(
        [
            "p99 420 ms against 198 ms, slow 9.6 % (60 of 623) against 0.8 % (44 of 5,522): "
                + "at least 1.5 times as slow, decided after 30 s",
        ]);
    }

    [Fact]
    public void A_failure_counts_before_the_minimum_of_requests()
    {
        var judge = After(4, Errors(1, 1, 0, 19), Compare);
        judge.RequestsInStep.ShouldBeLessThan(Compare.MinRequests);
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void Harmlessness_counts_only_after_the_minimum_of_requests()
    {
        var few = Compare with { MinRequests = 100_000 };
        After(60, Errors(0, 100, 0, 900), few).IsHarmless.ShouldBeTrue();
        After(60, Errors(0, 100, 0, 900), few).Verdict.ShouldBe(Verdict.Undecided);
        After(60, Errors(0, 100, 0, 900), Compare).Verdict.ShouldBe(Verdict.NoHarm);
    }

    [Fact]
    public void A_raise_asks_for_the_proof_and_the_requests_again()
    {
        var judge = After(60, Errors(0, 100, 0, 900), Compare, Limit);
        judge.IsHarmless.ShouldBeTrue();
        judge.Raise();
        judge.IsHarmless.ShouldBeFalse();
        judge.RequestsInStep.ShouldBe(0);
        judge.Readings.ShouldAllBe(reading => reading.Verdict == Verdict.Undecided);
    }

    [Fact]
    public void Without_traffic_nothing_is_decided()
    {
        var judge = After(600, Errors(0, 0, 1, 900), Compare, Limit, Latency);
        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.E.ShouldBeLessThan(2);
    }

    [Fact]
    public void A_limit_broken_on_both_sides_is_not_the_release_and_passes_with_the_incident()
    {
        var judge = After(60, Errors(2, 50, 38, 950), Limit, Compare);
        judge.Verdict.ShouldBe(Verdict.NotTheRelease);
        judge.Readings[0].Evidence.ShouldBe(
            "errors 4 % (120 of 3,000) against 4 % (2,280 of 57,000): "
            + "both sides are over the limit, so it is not the release");
        for (var t = 0; t < 120; t++) judge.Tick(Errors(0, 50, 0, 950));
        judge.Verdict.ShouldNotBe(Verdict.NotTheRelease);
        judge.Verdict.ShouldNotBe(Verdict.Fail);
    }

    [Fact]
    public void What_is_clearly_over_its_limit_lately_is_told_so_before_anything_is_proven()
    {
        var slow = new GateSpec(new GateRule.Limit(Metric.Latency, Max: .05, Percentile: .99));
        var judge = new Judge([slow]);
        FleetCounts Took(double ms) => new(15, 0) { Latency = new([new(Histogram.BinOf(ms), 15)]) };
        for (var t = 0; t < 15; t++) judge.Tick(new(1, Took(156), Took(2.4)));
        judge.Readings[0].OverLimit.ShouldBeTrue();
        judge.Readings[0].Evidence.ShouldEndWith(": over the limit");
        judge.Raise();
        judge.Readings[0].OverLimit.ShouldBeFalse("another step is another window");
    }

    [Fact]
    public void A_few_bad_answers_are_not_over_a_limit_and_neither_is_what_stable_shows_too()
    {
        After(60, Errors(0, 10, 0, 90), Limit).Readings[0].OverLimit.ShouldBeFalse();
        var few = new Judge([Limit]);
        for (var t = 0; t < 60; t++) few.Tick(Errors(t % 20 == 0 ? 1 : 0, 3, 0, 90));
        few.Readings[0].OverLimit.ShouldBeFalse("3 of 180");
        After(60, Errors(1, 40, 2, 80), Limit).Readings[0].OverLimit.ShouldBeFalse("stable has as many");
        After(60, Errors(1, 40, 0, 80), Limit).Readings[0].OverLimit.ShouldBeTrue();
    }

    [Fact]
    public void A_silent_source_is_neither_harm_nor_proof()
    {
        var judge = After(120, Errors(0, 100, 0, 900), Compare, Latency);
        judge.Answering.ShouldBeFalse();
        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.Readings[1].ShouldSatisfyAllConditions(
            reading => reading.Answering.ShouldBeFalse(),
            reading => reading.Evidence.ShouldBe("p99: no data from its source"));
    }

    [Fact]
    public void Dry_runs_and_warnings_are_shown_and_never_acted_on()
    {
        var judge = After(
            30, Errors(5, 50, 1, 950), Compare with { DryRun = true }, Limit with { Severity = Severity.Warn });
        judge.Readings.ShouldAllBe(reading => reading.Verdict == Verdict.Fail && !reading.Acts);
        judge.Verdict.ShouldNotBe(Verdict.Fail);
    }

    [Fact]
    public void A_limit_with_a_duration_waits_for_it()
    {
        var patient = Limit with { For = TimeSpan.FromSeconds(60) };
        After(30, Errors(5, 50, 1, 950), patient).Verdict.ShouldBe(Verdict.Undecided);
        After(90, Errors(5, 50, 1, 950), patient).Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void What_fails_right_after_the_control_left_is_the_release()
    {
        var judge = After(60, Errors(0, 50, 0, 50), Limit, Compare);
        judge.Raise();
        for (var t = 0; t < 60; t++) judge.Tick(new(1, new(100, 100)));
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void An_outage_long_after_the_control_left_is_a_question_to_a_person()
    {
        var judge = After(60, Errors(0, 50, 0, 50), Limit, Compare);
        judge.Raise();
        for (var t = 0; t < 300; t++) judge.Tick(new(1, new(100, 0)));
        for (var t = 0; t < 120; t++) judge.Tick(new(1, new(100, 90)));
        judge.Verdict.ShouldBe(Verdict.NotTheRelease);
        for (var t = 0; t < 20; t++) judge.Tick(new(1, new(100, 0)));
        judge.Verdict.ShouldBe(Verdict.Undecided);
    }

    [Fact]
    public void Of_an_outage_is_told_what_was_counted_since_it_began()
    {
        var judge = After(60, Errors(0, 50, 0, 50), Limit, Compare);
        judge.Raise();
        for (var t = 0; t < 300; t++) judge.Tick(new(1, new(100, 0)));
        for (var t = 0; t < 60; t++) judge.Tick(new(1, new(100, 90)));
        judge.Readings.ShouldAllBe(reading => reading.OutageSeconds == 60);
        judge.Readings[0].Evidence.ShouldBe("errors 90 % (5,400 of 6,000) in the last 60 s: the service fails "
            + "as a whole, and no control is left to tell whether it is the release");
        for (var t = 0; t < 5; t++) judge.Tick(new(1, new(100, 0)));
        judge.Readings.ShouldAllBe(reading => reading.OutageSeconds == 0);
    }

    [Fact]
    public void An_outage_that_is_blamed_on_the_release_is_told_without_the_good_time_before_it()
    {
        var judge = After(600, Errors(0, 5, 0, 95), Limit, Compare);
        judge.Raise();
        for (var t = 0; t < 45; t++) judge.Tick(new(1, new(100, 0)));
        var seconds = 0;
        for (; judge.Verdict != Verdict.Fail; seconds++) judge.Tick(new(1, new(100, 100)));
        seconds.ShouldBeLessThanOrEqualTo(60);
        judge.Readings[0].Evidence.ShouldStartWith($"errors 100 % ({seconds}00 of {seconds}00)".Replace(
            $"{seconds}00", Words.Count(seconds * 100), StringComparison.Ordinal));
    }

    [Fact]
    public void Slow_answers_are_no_outage()
    {
        var service = new SimulatedService(5, 100);
        var judge = new Judge([Latency]);
        for (var t = 0; t < 60; t++) judge.Tick(service.SlowTick(.5, 1, 1));
        judge.Raise();
        for (var t = 0; t < 300; t++) judge.Tick(new(1, service.Fleet(1, 1, 0, 1)));
        for (var t = 0; t < 60; t++) judge.Tick(new(1, service.Fleet(1, 1, 0, 20)));
        judge.Readings[0].OutageSeconds.ShouldBe(0);
    }

    [Fact]
    public void Half_of_all_answers_slower_than_the_median_are_no_outage_when_the_control_is_gone()
    {
        var service = new SimulatedService(5, 100);
        var judge = new Judge([new(new GateRule.Compare(Metric.Latency, Percentile: .5))]);
        for (var t = 0; t < 60; t++) judge.Tick(service.SlowTick(.5, 1, 1));
        judge.Raise();
        for (var t = 0; t < 300; t++) judge.Tick(new(1, service.Fleet(1, 1, 0, 1)));
        judge.Verdict.ShouldBe(Verdict.Undecided);
    }

    [Fact]
    public void A_restored_judge_goes_on_with_the_same_numbers()
    {
        Seq<GateSpec> gates =
        [
            Limit, Compare, Latency, new(new GateRule.Compare(Metric.Latency, Percentile: .5)),
            new(new GateRule.Limit(Metric.Cpu, Max: .8)), new(new GateRule.Compare(Metric.Restarts)),
            new(new GateRule.Limit(Metric.MemoryGrowth, Max: .1)), new(new GateRule.Compare(Metric.Throughput)),
            new(new GateRule.Compare(Metric.Custom)
            {
                Source = new("payments", "prometheus", "failed") { Of = "all" },
            }),
        ];
        var service = new SimulatedService(11, 200);
        Sample Next(double share) => service.SlowTick(share, 1, 1.1) with
        {
            Candidate = service.Fleet(share, 1, .004, 1.1) with { Cpu = .5, Memory = .3, Instances = 2 },
            Counted = [new("payments", new(1, 100), new EventCount(2, 200))],
            Share = share,
        };
        var judge = new Judge(gates);
        for (var t = 0; t < 133; t++) judge.Tick(Next(.1));
        judge.Raise();
        for (var t = 0; t < 7; t++) judge.Tick(Next(.3));

        var text = JsonSerializer.Serialize(judge.Save().Values.ToArray());
        var state = new JudgeState(JsonSerializer.Deserialize<double[]>(text)!.ToSeq());
        var restored = Judge.Restore(gates, .01, true, state);
        restored.Readings.ShouldBe(judge.Readings);
        for (var t = 0; t < 60; t++)
        {
            var sample = Next(.3);
            judge.Tick(sample);
            restored.Tick(sample);
        }
        restored.E.ShouldBe(judge.E, 1e-9 * judge.E);
        restored.RequestsInStep.ShouldBe(judge.RequestsInStep);
    }

    [Fact]
    public void Counts_that_took_no_time_still_count()
    {
        var judge = new Judge([Compare]);
        for (var t = 0; t < 9; t++) judge.Tick(Errors(2, 10, 0, 190) with { Seconds = 0 });
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void The_first_deploy_has_no_control_and_is_held_to_its_limit()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 300; t++) judge.Tick(new(1, new(100, 0)));
        judge.Verdict.ShouldBe(Verdict.NoHarm);
        for (var t = 0; t < 120; t++) judge.Tick(new(1, new(100, 8)));
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void A_state_of_other_gates_is_not_read()
    {
        var state = After(30, Errors(5, 50, 1, 950), Compare).Save();
        Judge.Restore([Limit], .01, true, state).Verdict.ShouldBe(Verdict.Undecided);
    }

    [Fact]
    public void A_tick_of_counts_allocates_nothing()
    {
        var judge = After(50, Errors(0, 50, 1, 950), Limit, Compare);
        Allocated.By(1_000, () => judge.Tick(Errors(0, 50, 1, 950))).ShouldBe(0);
    }
}
