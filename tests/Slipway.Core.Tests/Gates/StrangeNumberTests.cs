using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>Numbers that no sum survives: they say nothing, and blind nobody.</summary>
public sealed class StrangeNumberTests
{
    static readonly CustomMetric Source = new("queue", "http", "…");
    static readonly GateSpec Errors = new(new GateRule.Limit(Metric.ErrorRate, Max: .05));

    static GateSpec DryRun(GateRule rule) => new(rule) { DryRun = true };

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(-1e160)]
    [InlineData(1e16)]
    public void A_value_beyond_all_measure_blinds_no_other_gate(double huge)
    {
        foreach (var gate in new[]
        {
            new GateSpec(new GateRule.Compare(Metric.Custom) { Source = Source }),
            DryRun(new GateRule.Limit(Metric.Custom, Max: 5) { Source = Source }),
        })
        {
            var judge = new Judge([gate, Errors]);
            for (var t = 0; t < 120; t++)
                judge.Tick(new(1, new(10, t < 60 ? 0 : 3), new FleetCounts(90, 0))
                {
                    Custom = [new("queue", huge, huge)],
                });
            judge.Verdict.ShouldBe(Verdict.Fail);
            judge.Readings[0].Answering.ShouldBeFalse();
            judge.Readings[0].E.ShouldBeLessThanOrEqualTo(1);
            judge.Save().Values.ShouldAllBe(number => double.IsFinite(number));
        }
    }

    [Fact]
    public void Evidence_that_is_no_number_is_none_and_hides_no_other() =>
        Evidence.Combine([double.NaN, 400], [.5, .5]).ShouldBe(200.5);

    [Fact]
    public void Evidence_that_grows_for_hours_stays_a_number()
    {
        var judge = new Judge([DryRun(new GateRule.Compare(Metric.Memory)), Errors]);
        for (var t = 0; t < 8000; t += 20)
            judge.Tick(new(20, new(10, 0) { Memory = .8 }, new FleetCounts(90, 0) { Memory = .1 }));
        double.IsFinite(judge.Readings[0].E).ShouldBeTrue();
        judge.Save().Values.ShouldAllBe(number => double.IsFinite(number));
    }
}
