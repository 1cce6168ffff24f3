using Shouldly;
using Slipway.Routing;
using Slipway.Specification;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Gates;

/// <summary>What `slipway plan` promises must be what the judge then does.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    const int Runs = 200;
    const int Longest = 1800;

    static readonly GateSpec Errors = new(new GateRule.Compare(Metric.ErrorRate));
    static readonly GateSpec Points = new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005));
    static readonly GateSpec Latency = new(new GateRule.Compare(Metric.Latency, Percentile: .99));

    public static TheoryData<int, int> Traffic()
    {
        var data = new TheoryData<int, int>();
        foreach (var rps in new[] { 20, 100, 1000 })
            foreach (var share in new[] { 5, 25, 50 })
                data.Add(rps, share);
        return data;
    }

    [Theory]
    [MemberData(nameof(Traffic))]
    public void Predicted_times_are_within_a_quarter_of_the_judges_median(int rps, int percent)
    {
        var wrong = new List<string>();
        foreach (var (name, gate, from, to) in new[]
        {
            (".1 to 5 %", Errors, .001, .05), (".1 to 1 %", Errors, .001, .01), (".5 to 2 %", Errors, .005, .02),
            (".1 to 1 %, 0.5 points", Points, .001, .01),
        })
        {
            var predicted = Detection.Time(rps, Share.Percent(percent), gate, (from, to))?.About.TotalSeconds;
            Compare(name, predicted, Simulate(rps, percent, gate, from, to));
        }
        var slow = Detection.SlowShare(SimulatedService.Profile, .99, 2);
        var about = Detection.Time(rps, Share.Percent(percent), Latency, (.01, slow))?.About.TotalSeconds;
        Compare("p99 doubled", about, SimulateLatency(rps, percent));
        wrong.ShouldBeEmpty();

        void Compare(string name, double? predicted, double? simulated)
        {
            var line = $"{rps} requests/s, {percent} %, {name}: {predicted:0.0} s, simulated {simulated:0.0} s";
            output.WriteLine(line);
            var near = predicted is { } p && simulated is { } s
                ? Math.Abs(p - s) <= .25 * s
                : Close(predicted ?? simulated);
            if (!near) wrong.Add(line);
        }

        // "No" and a time are the same answer only where half an hour is about what it takes.
        static bool Close(double? seconds) => seconds is null or > .8 * Longest;
    }

    [Fact]
    public void What_is_tolerated_or_drowns_in_chance_is_not_promised()
    {
        Detection.Time(1000, Share.Percent(5), Points, (.001, .003)).ShouldBeNull();
        Detection.Time(1, Share.Percent(5), Errors, (.001, .01)).ShouldBeNull();
        Detection.Time(100, Share.All, Errors, (.001, .05)).ShouldBeNull();
    }

    [Fact]
    public void The_same_question_has_the_same_answer() =>
        Detection.Time(100, Share.Percent(5), Errors, (.001, .05))
            .ShouldBe(Detection.Time(100, Share.Percent(5), Errors, (.001, .05)));

    [Theory]
    [InlineData(.5, .95, true)]
    [InlineData(.5, .66, false)]
    [InlineData(.5, .64, false)]
    public void Cpu_is_predicted_by_its_noise(double from, double to, bool limited)
    {
        var gate = new GateSpec(limited
            ? new GateRule.Limit(Metric.Cpu, Max: .8)
            : new GateRule.Compare(Metric.Cpu, Ratio: 1.2));
        var draws = new Draws(9);
        var times = new List<double>();
        double Cpu(double level) => level + .05 * from * draws.Normal();
        for (var run = 0; run < Runs; run++)
            times.Add(Time(new([gate]), Levels.MeanBlock, seconds =>
                new(seconds, new(100, 0) { Cpu = Cpu(to) }, new FleetCounts(100, 0) { Cpu = Cpu(from) })));
        var simulated = Median(times, Levels.MeanBlock)!.Value;
        var predicted = Detection.Time(100, Share.Percent(5), gate, (from, to))!.Value.About.TotalSeconds;
        output.WriteLine($"cpu {from} to {to}: {predicted} s, simulated {simulated:0.0} s");
        Math.Abs(predicted - simulated).ShouldBeLessThanOrEqualTo(.25 * simulated);
    }

    [Fact]
    public void Cpu_within_its_limit_is_not_found() =>
        Detection.Time(100, Share.Percent(5), new(new GateRule.Limit(Metric.Cpu, Max: .8)), (.5, .7)).ShouldBeNull();

    [Fact]
    public void Total_failure_at_20_requests_a_second_takes_2_to_5_seconds() =>
        Simulate(20, 5, Errors, .001, 1)!.Value.ShouldBeInRange(1, 5);

    static double? Simulate(int rps, int percent, GateSpec gate, double from, double to)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var service = new SimulatedService((ulong)(run + 1), rps);
            var judge = new Judge([gate]);
            judge.Learn(300, service.Fleet(1 - percent / 100.0, 300, from));
            times.Add(Time(judge, 1, seconds => service.Tick(percent / 100.0, seconds, from, to)));
        }
        return Median(times, 1);
    }

    static double? SimulateLatency(int rps, int percent)
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var service = new SimulatedService((ulong)(run + 1), rps);
            var judge = new Judge([Latency]);
            judge.Learn(300, service.Fleet(1 - percent / 100.0, 300, 0, 1));
            times.Add(Time(judge, Levels.Block, seconds => service.SlowTick(percent / 100.0, seconds, 2)));
        }
        return Median(times, Levels.Block);
    }

    static double Time(Judge judge, double tick, Func<double, Sample> next)
    {
        for (var t = tick; t <= Longest; t += tick)
        {
            judge.Tick(next(tick));
            if (judge.Verdict == Verdict.Fail) return t;
        }
        return double.PositiveInfinity;
    }

    static double? Median(List<double> times, double look)
    {
        times.Sort();
        return Detection.Quantile(times.ToArray(), .5, look);
    }
}
