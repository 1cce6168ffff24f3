using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// How long a gate would take to find a harm of a given size: what `slipway plan` prints for each step.
/// </summary>
/// <param name="Base">
/// What stable shows: the share of bad answers; for latency the share slower than the threshold (1 − percentile when
/// compared); for cpu and memory the level.
/// </param>
/// <param name="Bad">What the candidate would show.</param>
public sealed record Suspicion(GateSpec Gate, double RequestsPerSecond, Share Share, double Base, double Bad)
{
    /// <summary>The gate's part of the release's chance of a false alarm: 1/streams, or what a judge gave it.</summary>
    public double Weight { get; init; } = 1;
    public double FalseAlarm { get; init; } = Defaults.FalseAlarm;
    public bool Exact { get; init; } = true;

    /// <summary>Found later than this is not found: the step's length, or half an hour.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For means: how much a block of 20 s scatters, as a part of the level.</summary>
    public double Noise { get; init; } = .05;
}

/// <summary>
/// Half of the cases are found in <paramref name="About"/>, four of five in <paramref name="MostOften"/>.
/// </summary>
public readonly record struct DetectionTime(TimeSpan About, TimeSpan? MostOften);

/// <summary>
/// Predicts by running the engine itself on drawn counts. A closed form (drift of the best bet) is off by up to a
/// factor of two, since several bets win together and rare events come in whole numbers; it only sorts out what
/// is hopeless.
/// </summary>
public static class Detection
{
    const ulong Seed = 0x5119_0A71;
    const double MostOften = .8;
    const int Runs = 400;
    const int RunsBySecond = 240;

    /// <summary>Candidate requests in a second below which quiet seconds may not be put together.</summary>
    const int Few = 30;
    const int HopelessAfter = 60;

    /// <summary>Null: not within the time, or never.</summary>
    public static DetectionTime? Time(Suspicion suspicion) => Witnesses.MetricOf(suspicion.Gate) switch
    {
        Metric.ErrorRate or Metric.SuccessRate or Metric.Availability => OfCounts(suspicion, suspicion.Exact),
        Metric.Latency => OfCounts(suspicion, exact: false),
        Metric.Custom when Witnesses.IsCounted(suspicion.Gate) => OfCounts(suspicion, exact: false),
        Metric.Cpu or Metric.Memory or Metric.Custom => MeanDetection.Time(suspicion),
        _ => null,
    };

    public static DetectionTime? Time(
        double requestsPerSecond, Share share, GateSpec gate, (double Base, double Bad) change, int streams = 1) =>
        Time(new(gate, requestsPerSecond, share, change.Base, change.Bad) { Weight = 1.0 / streams });

    /// <summary>A gate's part of the release's evidence among others: the <see cref="Suspicion.Weight"/>.</summary>
    public static double WeightOf(GateSpec gate, Seq<GateSpec> gates) => Witnesses.WeightOf(gate, gates);

    /// <summary>
    /// The part of the requests that a candidate answers slower than 1.2 times stable's percentile when all of its
    /// answers take <paramref name="factor"/> times as long: the <see cref="Suspicion.Bad"/> of a latency gate.
    /// </summary>
    public static double SlowShare(LatencyCounts stable, double percentile, double factor, double tolerated = 1.2)
    {
        var memory = new LatencyMemory();
        memory.Add(0, stable);
        var threshold = Histogram.EdgeOf(memory.Near(percentile) ?? 0) * tolerated / factor;
        return stable.Total == 0 ? 1 - percentile : stable.Above(Histogram.BinOf(threshold)) / (double)stable.Total;
    }

    static DetectionTime? OfCounts(Suspicion q, bool exact)
    {
        var (nc, ns) = (q.RequestsPerSecond * q.Share.Fraction, q.RequestsPerSecond * q.Share.Rest.Fraction);
        if (nc <= 0 || ns <= 0 || q.Bad <= q.Base) return null;

        var terms = new StreamTerms { Exact = exact, FalseAlarm = q.FalseAlarm, Weight = q.Weight };
        var goal = 1 / (q.FalseAlarm * q.Weight);
        if (Guess(q, nc, ns, goal) > 6 * q.Within.TotalSeconds) return null;

        var look = exact ? 1 : Levels.Block;
        var within = q.Within.TotalSeconds;
        var draws = new Draws(Seed);

        // A margin in points is paid for in quiet seconds too, and less than in proportion when requests come unevenly.
        var bySecond = exact && nc < Few && q.Gate.Rule is GateRule.Compare { WorseBy: > 0 };
        var ends = new double[bySecond ? RunsBySecond : Runs];
        var missed = 0;
        for (var run = 0; run < ends.Length; run++)
        {
            var stream = new CountStream(terms);
            var evidence = EvidenceOf(q.Gate, stream, terms);
            // What stable did before is drawn too: from few requests its rate is only roughly known.
            stream.Learn(draws.Poisson(q.Base * ns * Levels.Memory), ns * Levels.Memory);
            var t = 0.0;
            while (t <= within && evidence() < goal)
            {
                var (quiet, bad, stableBad) = exact
                    ? NextBad(draws, nc * q.Bad, ns * q.Base)
                    : (0, draws.Poisson(nc * q.Bad * look), draws.Poisson(ns * q.Base * look));
                var part = bySecond ? 1 : quiet;
                for (var passed = 0.0; passed < quiet; passed += part) Pass(stream, part, 0, 0);
                Pass(stream, look, bad, stableBad);
                t += quiet + look;
            }
            ends[run] = t <= within ? t : double.PositiveInfinity;
            if (t > within) missed++;
            if (run == HopelessAfter && missed > .75 * run) return null;
        }
        Array.Sort(ends);
        return Quantile(ends, .5, look) is { } about
            ? new(Seconds(about), Quantile(ends, MostOften, look) is { } most ? Seconds(most) : null)
            : null;

        void Pass(CountStream stream, double seconds, long bad, long stableBad)
        {
            var candidate = bad + draws.Poisson(nc * (1 - q.Bad) * seconds);
            var stable = stableBad + draws.Poisson(ns * (1 - q.Base) * seconds);
            stream.Tick(seconds, new(bad, stableBad, candidate, stable), bad, exact ? q.Share.Fraction : null);
        }
    }

    /// <summary>
    /// Nothing happens in seconds without a bad answer, so they count as one. Those with one stay by themselves: with
    /// few requests it is the odd second that had more of them, and what a bet wins or loses depends on how they
    /// divide.
    /// </summary>
    static (double Quiet, long Bad, long StableBad) NextBad(Draws draws, double bad, double stableBad)
    {
        var at = -Math.Log(draws.Uniform()) / (bad + stableBad);
        var quiet = Math.Floor(at);
        var rest = 1 - (at - quiet);
        var first = draws.Uniform() * (bad + stableBad) < bad ? 1 : 0;
        return (quiet, first + draws.Poisson(bad * rest), 1 - first + draws.Poisson(stableBad * rest));
    }

    static Func<double> EvidenceOf(GateSpec gate, CountStream stream, StreamTerms terms)
    {
        switch (gate.Rule)
        {
            case GateRule.Limit { Metric: Metric.Latency }:
                var slow = stream.Limit(1 - LatencyWitness.PercentileOf(gate));
                return () => stream.E(slow);
            case GateRule.Limit rule:
                var over = stream.Limit(rule.Max ?? 1 - rule.Min ?? terms.LimitAlone);
                return () => stream.E(over);
            case GateRule.Compare { Metric: not Metric.Latency } rule:
                var compared = stream.Compare(new(Math.Max(1, rule.Ratio), rule.WorseBy));
                return () => stream.E(compared);
            default:
                return () => stream.Equal;
        }
    }

    /// <summary>The mean time of the best single bet to win what is needed; infinite when no bet gains.</summary>
    static double Guess(Suspicion q, double nc, double ns, double goal)
    {
        var equal = Mean(Bets.Harm, 1, 0, goal);
        return q.Gate.Rule switch
        {
            GateRule.Compare { Metric: not Metric.Latency } rule => Math.Max(equal, Mean(
                Bets.Tolerance, Math.Max(1, rule.Ratio), rule.WorseBy, 1 / Levels.ToleranceAlarm)),
            _ => equal,
        };

        double Mean(Bets bets, double ratio, double points, double needed)
        {
            var least = double.PositiveInfinity;
            for (var j = 0; j < bets.Ratios.Length; j++)
            {
                var m = Stake.Of(bets.Ratios[j], q.Base, ratio, points, nc, ns);
                var gain = Stake.LogFactor(m, new(nc * q.Bad, ns * q.Base, nc, ns), ratio, points);
                if (gain > 0) least = Math.Min(least, Math.Log(needed / (.7 * bets.Shares[j])) / gain);
            }
            return least;
        }
    }

    /// <summary>
    /// A quantile between looks: the runs that end in one look are spread around it, or short times would jump by whole
    /// looks.
    /// </summary>
    internal static double? Quantile(ReadOnlySpan<double> sorted, double part, double look)
    {
        var rank = part * sorted.Length;
        var at = sorted[Math.Min((int)rank, sorted.Length - 1)];
        if (double.IsInfinity(at)) return null;
        var (before, upTo) = (0, 0);
        foreach (var end in sorted)
        {
            if (end < at) before++;
            if (end <= at) upTo++;
        }
        return at - look / 2 + look * (rank - before) / (upTo - before);
    }

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Max(1, seconds));
}
