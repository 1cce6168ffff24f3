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
public sealed record Question(GateSpec Gate, double RequestsPerSecond, Share Share, double Base, double Bad)
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
/// factor of two, since several bets win together and rare events come in whole numbers; it only says how long a run
/// will be.
/// </summary>
public static class Detection
{
    const ulong Seed = 0x5119_0A71;
    const double MostOften = .8;

    /// <summary>Null: not within the time, or never.</summary>
    public static DetectionTime? Time(Question question) => Witnesses.MetricOf(question.Gate) switch
    {
        Metric.ErrorRate or Metric.SuccessRate or Metric.Availability => OfCounts(question, question.Exact),
        Metric.Latency => OfCounts(question, exact: false),
        Metric.Cpu or Metric.Memory or Metric.Custom => MeanDetection.Time(question),
        _ => null,
    };

    public static DetectionTime? Time(
        double requestsPerSecond, Share share, GateSpec gate, (double Base, double Bad) change, int streams = 1) =>
        Time(new(gate, requestsPerSecond, share, change.Base, change.Bad) { Weight = 1.0 / streams });

    /// <summary>
    /// The part of the requests that a candidate answers slower than 1.2 times stable's percentile when all of its
    /// answers take <paramref name="factor"/> times as long: the <see cref="Question.Bad"/> of a latency gate.
    /// </summary>
    public static double SlowShare(LatencyCounts stable, double percentile, double factor, double tolerated = 1.2)
    {
        var memory = new LatencyMemory();
        memory.Add(0, stable);
        var threshold = Histogram.EdgeOf(memory.Near(percentile) ?? 0) * tolerated / factor;
        return stable.Total == 0 ? 1 - percentile : stable.Above(Histogram.BinOf(threshold)) / (double)stable.Total;
    }

    static DetectionTime? OfCounts(Question q, bool exact)
    {
        var (nc, ns) = (q.RequestsPerSecond * q.Share.Fraction, q.RequestsPerSecond * q.Share.Rest.Fraction);
        if (nc <= 0 || ns <= 0 || q.Bad <= q.Base) return null;

        var terms = new StreamTerms { Exact = exact, FalseAlarm = q.FalseAlarm };
        var goal = 1 / (q.FalseAlarm * q.Weight);
        var guess = Guess(q, nc, ns, goal);
        if (!exact) guess += 3 * Levels.Block;
        if (guess > 6 * q.Within.TotalSeconds) return null;

        var tick = exact ? Math.Clamp(Math.Floor(guess / 60), 1, 10) : Levels.Block;
        var last = (int)Math.Ceiling(q.Within.TotalSeconds / tick);
        var draws = new Draws(Seed);
        var runs = Math.Clamp((int)(20_000 / (guess / tick)), 120, 600);
        Span<int> ends = stackalloc int[runs];
        for (var run = 0; run < runs; run++)
        {
            var stream = new CountStream(terms);
            var evidence = EvidenceOf(q.Gate, stream, terms);
            stream.Learn(q.Base * ns * Levels.Memory, ns * Levels.Memory);
            var t = 1;
            for (; t <= last; t++)
            {
                var (xc, xs) = (draws.Poisson(nc * q.Bad * tick), draws.Poisson(ns * q.Base * tick));
                var candidate = xc + draws.Poisson(nc * (1 - q.Bad) * tick);
                stream.Tick(tick, new(xc, xs, candidate, xs + draws.Poisson(ns * (1 - q.Base) * tick)));
                if (evidence() >= goal) break;
            }
            ends[run] = t;
        }
        ends.Sort();
        var look = exact ? 1 : Levels.Block;
        return Quantile(ends, .5, last) is { } about
            ? new(Seconds(about * tick + look / 2), Quantile(ends, MostOften, last) is { } most
                ? Seconds(most * tick + look / 2)
                : null)
            : null;
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
    static double Guess(Question q, double nc, double ns, double goal)
    {
        var equal = Mean(Bets.Harm, 1, 0, goal);
        return q.Gate.Rule switch
        {
            GateRule.Compare { Metric: not Metric.Latency } rule => Math.Max(equal, Mean(
                Bets.Tolerance, Math.Max(1, rule.Ratio), rule.WorseBy, goal * q.FalseAlarm / Levels.ToleranceAlarm)),
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
    /// A quantile between looks: the runs that end in one look are spread over it, or short times would jump by whole
    /// looks.
    /// </summary>
    static double? Quantile(ReadOnlySpan<int> sorted, double part, int last)
    {
        var rank = part * sorted.Length;
        var at = sorted[Math.Min((int)rank, sorted.Length - 1)];
        if (at > last) return null;
        var (before, upTo) = (0, 0);
        foreach (var end in sorted)
        {
            if (end < at) before++;
            if (end <= at) upTo++;
        }
        return at - 1 + (rank - before) / (upTo - before);
    }

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Max(1, seconds));
}
