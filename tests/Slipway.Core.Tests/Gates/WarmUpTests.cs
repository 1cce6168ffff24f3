using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>What a candidate does before it is warm, in each step.</summary>
public sealed class WarmUpTests
{
    [Fact]
    public void What_comes_while_it_warms_up_is_not_counted_in_any_step()
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.ErrorRate)) { WarmUp = TimeSpan.FromSeconds(30) };
        var judge = new Judge([gate]);
        for (var step = 0; step < 3; step++)
        {
            for (var t = 0; t < 10; t++) judge.Tick(new(1, new(0, 0), new FleetCounts(100, 0)));
            for (var t = 0; t < 30; t++) judge.Tick(new(1, new(20, 20), new FleetCounts(100, 0)));
            judge.Verdict.ShouldBe(Verdict.Undecided);
            judge.Raise();
        }
        for (var t = 0; t < 40; t++) judge.Tick(new(1, new(20, 20), new FleetCounts(100, 0)));
        judge.Verdict.ShouldBe(Verdict.Fail);
    }

    [Fact]
    public void Crashes_while_it_warms_up_are_not_counted_in_any_step()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.Restarts, Max: 2)) { WarmUp = TimeSpan.FromSeconds(30) };
        var judge = new Judge([gate]);
        for (var step = 0; step < 3; step++)
        {
            for (var t = 0; t < 30; t++) judge.Tick(new(1, new(20, 0) { Restarts = 1 }, new FleetCounts(100, 0)));
            judge.Verdict.ShouldNotBe(Verdict.Fail, $"{step}");
            judge.Raise();
        }
    }
}
