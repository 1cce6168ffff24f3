using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>Gates on other systems while those say nothing, or something that concerns nobody.</summary>
public sealed class SilentSourceTests
{
    static readonly CustomMetric Source = new("queue", "prometheus", "…");

    static readonly GateSpec Limit = new(new GateRule.Limit(Metric.Custom, Max: 100) { Source = Source });

    static Sample Quiet => new(1, new(50, 0), new FleetCounts(50, 0));

    static Sample Heard(double candidate, double? stable = null) => Quiet with
    {
        Custom = [new("queue", candidate, stable)],
    };

    static Sample Failed => Quiet with { Custom = [CustomValue.None("queue", "it cannot be reached")] };

    [Fact]
    public void What_was_never_heard_of_does_not_answer()
    {
        var judge = new Judge([Limit]);
        judge.Tick(Quiet);
        judge.Answering.ShouldBeFalse();
        judge.Readings[0].Evidence.ShouldBe("queue: no data from its source");
        judge.Tick(Heard(50, 50));
        judge.Answering.ShouldBeTrue();
    }

    [Fact]
    public void A_source_that_comes_back_at_the_end_of_a_step_has_not_measured_enough_in_it()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 75; t++) judge.Tick(Failed);
        judge.Tick(Heard(5_000, 50));
        judge.Answering.ShouldBeTrue();
        judge.Measured.ShouldBeFalse("once is no measurement of a step");
        judge.Readings[0].OverLimit.ShouldBeTrue();
        for (var t = 0; t < 2; t++) judge.Tick(Heard(50, 50));
        judge.Measured.ShouldBeTrue();
        judge.Raise();
        judge.Measured.ShouldBeFalse("each step anew");
    }

    [Fact]
    public void A_gate_that_may_not_act_holds_nothing_up()
    {
        var judge = new Judge([Limit with { Severity = Severity.Warn }, new(new GateRule.Compare(Metric.ErrorRate))]);
        judge.Tick(Quiet);
        judge.Measured.ShouldBeTrue();
    }

    [Fact]
    public void Who_says_that_there_is_no_answer_is_believed_at_once()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 100; t++) judge.Tick(Heard(50, 50));
        judge.Verdict.ShouldBe(Verdict.NoHarm);
        judge.Tick(Failed);
        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.Readings[0].Evidence.ShouldBe("queue: no data from its source: it cannot be reached");
        judge.Tick(Heard(50, 50));
        judge.Verdict.ShouldBe(Verdict.NoHarm);
    }

    [Fact]
    public void Counts_of_another_system_fall_silent_in_the_same_way()
    {
        var judge = new Judge([new(new GateRule.Compare(Metric.Custom) { Source = Source with { Of = "…" } })]);
        judge.Answering.ShouldBeFalse();
        judge.Tick(Quiet with { Counted = [new("queue", new(0, 20), new EventCount(0, 200))] });
        judge.Answering.ShouldBeTrue();
        judge.Tick(Failed);
        judge.Answering.ShouldBeFalse();
        judge.Readings[0].Evidence.ShouldEndWith("it cannot be reached");
    }

    [Fact]
    public void A_source_that_is_down_all_the_time_is_no_evidence()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 10_000; t++) judge.Tick(t % 5 == 0 ? Failed : Quiet);
        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.E.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_value_of_the_whole_service_that_was_bad_before_is_not_the_release()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 200; t++) judge.Tick(Heard(500));
        judge.Verdict.ShouldBe(Verdict.NotTheRelease);
        judge.Readings[0].Evidence.ShouldContain("ever since the release began");
    }

    [Fact]
    public void It_stays_so_when_the_control_has_left()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 200; t++) judge.Tick(Heard(500));
        for (var t = 0; t < 200; t++) judge.Tick(Heard(500) with { Stable = null });
        judge.Verdict.ShouldBe(Verdict.NotTheRelease);
    }

    [Fact]
    public void A_value_of_the_whole_service_that_gets_bad_is()
    {
        var judge = new Judge([Limit]);
        for (var t = 0; t < 30; t++) judge.Tick(Heard(50));
        for (var t = 0; t < 100; t++) judge.Tick(Heard(500));
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void What_was_known_of_it_outlives_a_restart()
    {
        var before = new Judge([Limit]);
        for (var t = 0; t < 30; t++) before.Tick(Heard(50));
        var judge = Judge.Restore([Limit], Defaults.FalseAlarm, exact: true, before.Save());
        judge.Answering.ShouldBeTrue();
        for (var t = 0; t < 100; t++) judge.Tick(Heard(500));
        judge.Verdict.ShouldBe(Verdict.Fail);
    }
}
