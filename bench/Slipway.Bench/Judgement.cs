using Slipway.Gates;
using Slipway.Specification;
using Slipway.Support.Traffic;

namespace Slipway.Bench;

/// <summary>
/// What the judge does and what others do on the same traffic: how soon a bad version is found, and how often a good
/// one is turned back.
/// </summary>
static class Judgement
{
    const int Detections = 400, Releases = 1000;

    static readonly GateSpec Ratio = new(new GateRule.Compare(Metric.ErrorRate));
    static readonly GateSpec Points = new(new GateRule.Compare(Metric.ErrorRate, WorseBy: .005));

    /// <summary>One gate on errors beside two that have nothing to say.</summary>
    static readonly Seq<GateSpec> Three =
        [Ratio, new(new GateRule.Limit(Metric.Cpu, Max: .8)), new(new GateRule.Limit(Metric.Memory, Max: .8))];

    /// <summary>What the reference took, with one gate, with three, and with worseBy 0.5 points.</summary>
    sealed record Row(double Rps, double Share, double Base, double Bad, string One, string Three, string Points);

    static readonly Row[] Rows =
    [
        new(20, .05, .001, .05, "47, 145", "69, 164", "54, 190"),
        new(20, .05, .001, .5, "4, 11", "6, 14", "4, 11"),
        new(20, .05, .001, 1, "2, 6", "3, 7", "2, 6"),
        new(100, .05, .001, .01, "91, 245", "115, 275", "506, -"),
        new(100, .05, .001, .05, "10, 28", "14, 32", "11, 36"),
        new(100, .05, .005, .02, "104, 248", "125, 283", "171, 523"),
        new(100, .05, .005, .1, "7, 19", "10, 22", "7, 19"),
        new(100, .1, .001, .02, "20, 52", "26, 59", "32, 107"),
        new(100, .25, .001, .05, "5, 10", "5, 10", "5, 10"),
        new(1000, .05, .001, .003, "94, 232", "117, 254", "never"),
        new(1000, .05, .001, .01, "10, 26", "13, 30", "59, 252"),
        new(1000, .05, .001, .5, "1, 1", "1, 1", "1, 1"),
        new(5, .05, .001, 1, "8, 19", "11, 26", "8, 19"),
        new(1, .05, .001, 1, "34, 98", "55, 129", "34, 98"),
    ];

    public static async Task Run(TextWriter output)
    {
        await output.WriteLineAsync(
            "seconds to find a harm: median, 95th percentile (in brackets: the reference)\n"
            + $"{"",-26} {"one gate",-26} {"of three gates",-26} {"worseBy 0.5 points",-26} "
            + $"{"Argo",-10} {"Flagger",-10} repeated z-test");
        foreach (var row in Rows) await output.WriteLineAsync(Measured(row));

        await Identical("simulated", seed => new SimulatedTraffic(seed, Weather.Any(seed)), output);
        await Identical("recorded", seed => new RecordedTraffic(Recording.OfABadDay, seed, seed % 4 < 2), output);
    }

    static async Task Identical(string kind, Func<int, ITraffic> traffic, TextWriter output)
    {
        await output.WriteLineAsync($"\n{Releases:N0} releases of an identical version in {kind} traffic, 30 min, "
            + $"5, 25, 50, 100 %, {Trial.Gates.Count} gates:");
        Rival[] Rivals() => [Rival.Argo(), Rival.Flagger(), new Rival.RepeatedZ()];
        var (turned, asked, harmless, held) = (new int[4], new SortedDictionary<string, int>(), 0, 0);
        Parallel.For(0, Releases, seed =>
        {
            var (judge, gaveUp, wasHarmless, odd, late) = Trial.Identical(traffic(seed), Rivals());
            lock (turned)
            {
                for (var i = 0; i < turned.Length; i++) turned[i] += gaveUp[i] ? 1 : 0;
                if (wasHarmless) harmless++;
                held += late;
                foreach (var gate in odd) asked[gate] = asked.GetValueOrDefault(gate) + 1;
                if (gaveUp[0])
                    output.WriteLine($"  {seed}: " + string.Join("; ", judge.Readings
                        .Where(reading => reading.Verdict == Verdict.Fail).Select(reading => reading.Evidence)));
            }
        });
        await output.WriteLineAsync(
            $"turned back: {turned[0]} by the judge, "
            + string.Join(", ", Rivals().Select((rival, i) => $"{turned[i + 1]} by {rival.Name}"))
            + $"\nproven harmless before all of the traffic: {harmless}; a person was asked because of: "
            + string.Join(", ", asked.Select(gate => $"{gate.Key} in {gate.Value}"))
            + $"\nof {3 * Releases:N0} steps, {held} were out of a limit when they were to end");
    }

    static string Measured(Row row)
    {
        var weather = new Weather { RequestsPerSecond = row.Rps, Base = row.Base, Bad = row.Bad };
        var one = Times(weather, row.Share, [Ratio], Rival.Argo(), Rival.Flagger(), new Rival.RepeatedZ());
        var three = Times(weather, row.Share, Three)[0];
        var points = Times(weather, row.Share, [Points])[0];
        return $"{row.Rps,5}/s {row.Share * 100,2} % {row.Base * 100:0.0##} → {row.Bad * 100:0.0} %".PadRight(26)
            + $" {Of(one[0], row.One),-26} {Of(three, row.Three),-26} {Of(points, row.Points),-26}"
            + $" {one[1],-10} {one[2],-10} {one[3]}";

        static string Of(string measured, string reference) => $"{measured} ({reference})";
    }

    static string[] Times(Weather weather, double share, Seq<GateSpec> gates, params Rival[] kinds)
    {
        var all = new int?[kinds.Length + 1][];
        for (var i = 0; i < all.Length; i++) all[i] = new int?[Detections];
        Parallel.For(0, Detections, run =>
        {
            Rival[] rivals = kinds.Length == 0 ? [] : [Rival.Argo(), Rival.Flagger(), new Rival.RepeatedZ()];
            var ends = Trial.Detect(run + 1, weather, share, gates, rivals);
            for (var i = 0; i < ends.Length; i++) all[i][run] = ends[i];
        });
        return [.. all.Select(times => $"{At(times, .5)}, {At(times, .95)}")];
    }

    static string At(int?[] times, double part) =>
        times.OrderBy(time => time ?? int.MaxValue).ElementAt((int)(part * times.Length)) is { } time
            ? $"{time}"
            : "-";
}
