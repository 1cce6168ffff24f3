using Shouldly;
using Slipway.Specification;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Gates;

/// <summary>
/// Identical versions through 30 minutes at 5, 25 and 50 %. The promise is at most 1 %, Ville's inequality keeps it
/// with room to spare, and the seeds are fixed: a count above 12 of 1,000 would be a broken promise, not bad luck.
/// </summary>
public sealed class FalseAlarmTests(ITestOutputHelper output)
{
    const double Tick = 5;
    static readonly double[] Shares = [.05, .25, .5];

    static readonly Seq<GateSpec> Gates =
    [
        new(new GateRule.Limit(Metric.ErrorRate, Max: .01)),
        new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005)),
        new(new GateRule.Compare(Metric.Availability)),
    ];

    [Theory]
    [InlineData(20, .001)]
    [InlineData(200, .005)]
    public void Identical_versions_are_hardly_ever_turned_back(double rps, double rate) => Alarms(
        1000, [new(new GateRule.Compare(Metric.ErrorRate, Ratio: 1))],
        (service, share, _) => service.Tick(share, Tick, rate, rate), rps).ShouldBeLessThan(12);

    [Fact]
    public void Neither_when_the_limit_is_broken_by_both_sides() =>
        Alarms(400, Gates, (service, share, _) => service.Tick(share, Tick, .03, .03), 100).ShouldBeLessThan(8);

    [Fact]
    public void Neither_when_the_error_rate_drifts_during_the_release() =>
        Alarms(400, Gates, (service, share, t) =>
        {
            var rate = .004 * (1 + Math.Sin(t / 200));
            return service.Tick(share, Tick, rate, rate);
        }, 100).ShouldBeLessThan(8);

    [Fact]
    public void Neither_when_an_outage_of_45_seconds_strikes_both_sides() =>
        Alarms(400, Gates, (service, share, t) =>
        {
            var rate = t is >= 400 and < 445 ? .5 : .001;
            return service.Tick(share, Tick, rate, rate);
        }, 100).ShouldBeLessThan(8);

    [Fact]
    public void Neither_by_latencies() =>
        Alarms(200, [new(new GateRule.Compare(Metric.Latency, Percentile: .99)),
            new(new GateRule.Limit(Metric.Latency, Max: .2, Percentile: .99)),
            new(new GateRule.Compare(Metric.Latency, Percentile: .5))],
            (service, share, _) => service.SlowTick(share, Tick, 1), 20).ShouldBeLessThan(6);

    int Alarms(int runs, Seq<GateSpec> gates, Func<SimulatedService, double, double, Sample> next, double rps)
    {
        var alarms = 0;
        for (var run = 0; run < runs; run++)
        {
            var service = new SimulatedService((ulong)(run + 7_000), rps);
            var judge = new Judge(gates);
            for (var t = 0.0; t < 1800 && judge.Verdict != Verdict.Fail; t += Tick)
            {
                if (t is 600 or 1200) judge.Raise();
                judge.Tick(next(service, Shares[(int)(t / 600)], t));
            }
            if (judge.Verdict == Verdict.Fail) alarms++;
        }
        output.WriteLine($"{alarms} of {runs} false alarms");
        return alarms;
    }
}
