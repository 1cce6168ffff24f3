using Shouldly;
using Slipway.Specification;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Gates;

/// <summary>The numbers that the design promises, with the gates that it shows as usual.</summary>
public sealed class PromiseTests(ITestOutputHelper output)
{
    const int Runs = 400;

    static readonly Seq<GateSpec> Gates =
    [
        new(new GateRule.Limit(Metric.ErrorRate, Max: .01)),
        new(new GateRule.Limit(Metric.Latency, Max: .2, Percentile: .99)),
        new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005)),
    ];

    [Fact]
    public void Five_percent_errors_are_found_within_ten_seconds_of_the_first() =>
        FromFirstBad(100, .05).ShouldSatisfyAllConditions(
            x => x.Median.ShouldBeLessThanOrEqualTo(10),
            x => x.Most.ShouldBeLessThanOrEqualTo(30));

    [Fact]
    public void Total_failure_of_a_small_service_is_found_within_five_seconds_of_the_first() =>
        FromFirstBad(20, 1).Median.ShouldBeLessThanOrEqualTo(5);

    [Theory]
    [InlineData(.005, 0, 10)]
    [InlineData(0, .005, 30)]
    public void Harmlessness_is_proven_within_seconds(double worseBy, double rate, int seconds)
    {
        var gate = new GateSpec(new GateRule.Compare(Metric.ErrorRate, worseBy));
        Typical(run =>
        {
            var service = new SimulatedService(run, 1000);
            var judge = new Judge([gate]);
            judge.Learn(300, service.Fleet(.9, 300, rate));
            return Seconds(judge, () => service.Tick(.1, 1, rate, rate), () => judge.IsHarmless);
        }).Median.ShouldBeLessThanOrEqualTo(seconds);
    }

    (double Median, double Most) FromFirstBad(double rps, double bad) => Typical(run =>
    {
        var service = new SimulatedService(run, rps);
        var judge = new Judge(Gates);
        judge.Learn(300, service.Fleet(.95, 300, .001));
        var (t, first) = (0, 0);
        while (judge.Verdict != Verdict.Fail && t++ < 1800)
        {
            var sample = service.Tick(.05, 1, .001, bad);
            if (first == 0 && sample.Candidate.Errors > 0) first = t;
            judge.Tick(sample);
        }
        return t - first + 1;
    });

    (double Median, double Most) Typical(Func<ulong, double> time)
    {
        var times = Enumerable.Range(1, Runs).Select(run => time((ulong)run)).Order().ToList();
        var (median, most) = (times[Runs / 2], times[Runs * 95 / 100]);
        output.WriteLine($"median {median} s, 95th percentile {most} s");
        return (median, most);
    }

    static double Seconds(Judge judge, Func<Sample> next, Func<bool> done)
    {
        for (var t = 1; t <= 1800; t++)
        {
            judge.Tick(next());
            if (done()) return t;
        }
        return double.PositiveInfinity;
    }
}
