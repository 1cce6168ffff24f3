using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>Values of two sides that are given different loads.</summary>
public sealed class WorkloadTests
{
    static readonly GateSpec Compare = new(new GateRule.Compare(Metric.Cpu));
    static readonly GateSpec Limit = new(new GateRule.Limit(Metric.Cpu, Max: .8));

    /// <summary>What an instance uses for a request a second, and for nothing.</summary>
    const double Each = .0037, Idle = .0005;

    readonly Draws _draws = new(3);

    FleetCounts Fleet(double perSecond, int instances = 1, double each = Each, double idle = Idle)
    {
        var requests = _draws.Poisson(perSecond);
        var cpu = idle + each * perSecond / instances * (1 + .1 * _draws.Normal());
        return new(requests, 0) { Cpu = Math.Max(0, cpu), Instances = instances };
    }

    static Reading Told(GateSpec gate, int seconds, Func<Sample> sample) => Told(new Judge([gate]), seconds, sample);

    static Reading Told(Judge judge, int seconds, Func<Sample> sample)
    {
        for (var t = 0; t < seconds; t++) judge.Tick(sample());
        return judge.Readings[0];
    }

    [Theory]
    [InlineData(45, 15, 1)]
    [InlineData(54, 6, 1)]
    [InlineData(6, 54, 1)]
    [InlineData(6, 54, 4)]
    [InlineData(30, 30, 4)]
    public void The_same_program_uses_more_cpu_where_it_has_more_to_do(double mine, double theirs, int stables)
    {
        for (var run = 0; run < 50; run++)
            Told(Compare, 600, () => new(1, Fleet(mine), Fleet(theirs, stables))).Verdict.ShouldNotBe(Verdict.Fail);
    }

    /// <summary>Timers, workers: what is used for nothing does not become less with the requests.</summary>
    [Theory]
    [InlineData(6, 54)]
    [InlineData(30, 30)]
    [InlineData(54, 6)]
    public void The_same_program_uses_as_much_for_nothing_whatever_it_has_to_do(double mine, double theirs)
    {
        for (var run = 0; run < 50; run++)
            Told(Compare, 600, () => new(1, Fleet(mine, idle: .08), Fleet(theirs, idle: .08)))
                .Verdict.ShouldNotBe(Verdict.Fail);
    }

    [Fact]
    public void What_a_few_requests_use_is_not_called_harmless_for_that() =>
        Told(Compare, 600, () => new(1, Fleet(6, each: 4 * Each), Fleet(54))).Verdict.ShouldBe(Verdict.Undecided);

    [Theory]
    [InlineData(20, 40)]
    [InlineData(30, 30)]
    [InlineData(45, 15)]
    public void A_request_that_costs_four_times_as_much_is_found(double mine, double theirs)
    {
        var told = Told(Compare, 300, () => new(1, Fleet(mine, each: 4 * Each), Fleet(theirs)));
        told.Verdict.ShouldBe(Verdict.Fail);
        told.Evidence.Contains(" for as many requests: worse than stable", StringComparison.Ordinal)
            .ShouldBe(mine != theirs, told.Evidence);
    }

    [Fact]
    public void Stable_with_nothing_to_do_is_no_control_of_cpu()
    {
        var judge = new Judge([Compare]);
        for (var t = 0; t < 600; t++) judge.Tick(new(1, Fleet(60), Fleet(0)));
        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.Answering.ShouldBeTrue();
        judge.Measured.ShouldBeTrue("a step has to end");
    }

    /// <summary>One instance is too few for all requests, whichever version it is.</summary>
    [Fact]
    public void Cpu_that_stable_would_need_for_as_many_requests_is_not_the_release()
    {
        var judge = new Judge([Limit]);
        Told(judge, 200, () => new(1, Fleet(30, each: .014), Fleet(30, each: .014))).Verdict.ShouldBe(Verdict.NoHarm);
        judge.Raise();
        Told(judge, 200, () => new(1, Fleet(60, each: .014), Fleet(0))).Verdict.ShouldBe(Verdict.NotTheRelease);
        var restored = Judge.Restore([Limit], Defaults.FalseAlarm, exact: true, judge.Save());
        Told(restored, 60, () => new(1, Fleet(60, each: .014), Fleet(0))).Verdict.ShouldBe(Verdict.NotTheRelease);
    }

    [Fact]
    public void Cpu_that_stable_would_not_need_is()
    {
        var judge = new Judge([Limit]);
        Told(judge, 200, () => new(1, Fleet(30, each: .02), Fleet(30))).Verdict.ShouldBe(Verdict.NoHarm);
        judge.Raise();
        Told(judge, 200, () => new(1, Fleet(60, each: .02), Fleet(0))).Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void A_limit_of_cpu_that_both_would_break_under_one_load_is_not_the_release() =>
        Told(Limit, 200, () => new(1, Fleet(45, each: .02), Fleet(15, each: .02))).Verdict
            .ShouldBe(Verdict.NotTheRelease);

    [Theory]
    [InlineData(0, Verdict.Undecided)]
    [InlineData(60, Verdict.Fail)]
    public void A_value_of_a_stable_with_nothing_to_do_is_nothing_to_compare_with(double theirs, Verdict verdict)
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Custom) { Source = new("threads", "prometheus", "…") });
        Told(gate, 600, () => new(1, Fleet(60), Fleet(theirs))
        {
            Custom = [new("threads", 40 + _draws.Normal(), 5 + _draws.Normal())],
        }).Verdict.ShouldBe(verdict);
    }

    [Fact]
    public void Where_nobody_is_asked_anything_values_are_compared_as_they_are() =>
        Told(Compare, 300, () => new(1, Fleet(0, idle: .3), Fleet(0, idle: .1))).Verdict.ShouldBe(Verdict.Fail);

    [Theory]
    [InlineData(9, 0)]
    [InlineData(0, 9)]
    public void What_the_gateway_answers_or_nobody_waits_for_is_no_throughput_of_a_version(int timedOut, int givenUp)
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Throughput));
        FleetCounts Hanging() => new(_draws.Poisson(30), timedOut, timedOut) { GivenUp = givenUp };
        Told(gate, 600, () => new(1, Hanging(), new FleetCounts(_draws.Poisson(30), 0))
        {
            Share = .5,
        }).Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void Memory_is_used_up_by_all_instances_together()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.Memory, Max: .85));
        static FleetCounts Fleet(int instances, double each) => new(50, 0) { Memory = each, Instances = instances };
        Told(gate, 70, () => new(1, Fleet(2, .49))).ShouldSatisfyAllConditions(
            reading => reading.Verdict.ShouldBe(Verdict.Fail),
            reading => reading.Evidence.ShouldStartWith("memory 98 % (limit 85 %)"));
        Told(gate, 300, () => new(1, Fleet(2, .49 + .01 * _draws.Normal()), Fleet(4, .24 + .01 * _draws.Normal())))
            .Verdict.ShouldBe(Verdict.Fail);
        Told(gate, 300, () => new(1, Fleet(4, .1), Fleet(2, .1))).Verdict.ShouldBe(Verdict.NoHarm);
    }

    [Fact]
    public void Compared_memory_is_that_of_one_instance()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.Memory));
        static FleetCounts Fleet(int instances, double each) => new(50, 0) { Memory = each, Instances = instances };
        Told(gate, 300, () => new(1, Fleet(4, .1), Fleet(1, .1))).Verdict.ShouldBe(Verdict.NoHarm);
        Told(gate, 300, () => new(1, Fleet(1, .2), Fleet(4, .1))).Verdict.ShouldBe(Verdict.Fail);
    }
}
