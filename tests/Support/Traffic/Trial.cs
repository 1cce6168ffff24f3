using Slipway.Gates;
using Slipway.Specification;

namespace Slipway.Support.Traffic;

/// <summary>One release in simulated traffic, and when each judge would have turned it back.</summary>
public static class Trial
{
    public const int Length = 1800;
    static readonly double[] Steps = [.05, .25, .5, 1];

    /// <summary>What a careful team would set, all of it together.</summary>
    public static readonly Seq<GateSpec> Gates =
    [
        new(new GateRule.Limit(Metric.ErrorRate, Max: .01)),
        new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005)),
        new(new GateRule.Compare(Metric.Availability)),
        new(new GateRule.Limit(Metric.Latency, Max: .5, Percentile: .99)),
        new(new GateRule.Compare(Metric.Latency, Percentile: .99)),
        new(new GateRule.Compare(Metric.Latency, Percentile: .5)),
        new(new GateRule.Limit(Metric.Cpu, Max: .8)),
        new(new GateRule.Compare(Metric.Cpu)),
        new(new GateRule.Limit(Metric.Memory, Max: .85)),
        new(new GateRule.Compare(Metric.Memory)),
        new(new GateRule.Compare(Metric.Restarts)),
    ];

    /// <summary>Seconds until each gave up, the judge first; none when it never did.</summary>
    public static int?[] Detect(int seed, Weather weather, double share, Seq<GateSpec> gates, params Rival[] rivals)
    {
        var traffic = new SimulatedTraffic(seed, weather);
        var judge = new Judge(gates, exact: !weather.Sticky);
        judge.Learn(300, History(weather, share));
        var ends = new int?[rivals.Length + 1];
        for (var t = 1; t <= Length && ends.Contains(null); t++)
        {
            var sample = traffic.Tick(share);
            judge.Tick(sample);
            if (judge.Verdict == Verdict.Fail) ends[0] ??= t;
            for (var i = 0; i < rivals.Length; i++)
                if (ends[i + 1] is null && rivals[i].Tick(sample)) ends[i + 1] = t;
        }

        return ends;
    }

    /// <summary>
    /// Half an hour of steps with a version that is no worse: the judge, who gave up, which gates asked a person, and
    /// how many of its three first steps would not have ended in time since a limit was exceeded just then.
    /// </summary>
    public static (Judge Judge, bool[] GaveUp, bool Harmless, IReadOnlySet<string> Odd, int Held) Identical(
        ITraffic traffic, params Rival[] rivals)
    {
        var judge = new Judge(Gates, exact: !traffic.IsSticky);
        var (gaveUp, harmless, odd) = (new bool[rivals.Length + 1], false, new SortedSet<string>());
        var held = 0;
        for (var t = 0; t < Length; t++)
        {
            if (t > 0 && t % (Length / Steps.Length) == 0)
            {
                if (judge.Readings.Any(reading => reading.OverLimit)) held++;
                judge.Raise();
            }

            var sample = traffic.Tick(Steps[t * Steps.Length / Length]);
            judge.Tick(sample);
            harmless |= judge.IsHarmless;
            if (t % 10 == 0 && judge.Verdict is Verdict.NotTheRelease or Verdict.WrongSplit)
                odd.UnionWith(judge.Readings.Where(reading =>
                    reading.Verdict is Verdict.NotTheRelease or Verdict.WrongSplit).Select(reading => reading.Gate));
            gaveUp[0] |= judge.Verdict == Verdict.Fail;
            for (var i = 0; i < rivals.Length; i++) gaveUp[i + 1] |= !gaveUp[i + 1] && rivals[i].Tick(sample);
        }

        return (judge, gaveUp, harmless, odd, held);
    }

    /// <summary>Five minutes of stable alone, as it would be on average.</summary>
    static FleetCounts History(Weather weather, double share)
    {
        var all = weather.RequestsPerSecond * 300 * (1 - share);
        return new((long)all, (long)Math.Round(all * weather.Base));
    }
}
