using Slipway.Specification;

namespace Slipway.Gates;

public sealed class EvidentTests
{
    [Fact]
    public void A_gate_that_fails_says_for_how_long_there_was_something_to_see()
    {
        var judge = new Judge([new(new GateRule.Limit(Metric.ErrorRate, Max: .01))]);
        for (var t = 0; t < 1_200; t++) judge.Tick(Errors(0));
        judge.Readings.Single().EvidentFor.ShouldBe(0);

        var seconds = 0;
        for (; judge.Verdict != Verdict.Fail; seconds++) judge.Tick(Errors(seconds % 2));
        judge.Readings.Single().EvidentFor.ShouldBeInRange(seconds / 4.0, seconds);
    }

    static Sample Errors(long bad) => new(1, new(20, bad), new FleetCounts(380, 0));
}
