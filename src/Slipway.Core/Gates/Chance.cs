namespace Slipway.Gates;

/// <summary>Small questions about chance beside the bets: crashes and the split of the traffic.</summary>
static class Chance
{
    /// <summary>
    /// Level of the crash test, and so the worth of its evidence: 1/level once the number is reached.
    /// </summary>
    public const double CrashLevel = .001;

    const double LargestExact = 500;
    const int LargestForetold = 100_000;

    /// <summary>
    /// ln of the evidence at which the split of the traffic is called wrong: an alarm, never a rollback.
    /// </summary>
    public static readonly double SplitAlarm = Math.Log(1000);

    /// <summary>
    /// The smallest number of crashes that stable's own crash rate would reach with chance ≤ <paramref name="level"/>.
    /// One day without a crash is taken as known, so that a young service isn't held to never crashing.
    /// </summary>
    public static int CrashesNeeded(double seen, double instanceHours, double exposure, double level = CrashLevel)
    {
        var mean = (seen + .5) / (instanceHours + 24) * exposure;
        if (mean > LargestExact) return FarOut(mean, level);
        var (k, term, tail) = (0, Math.Exp(-mean), 1.0);
        while (tail > level)
        {
            tail -= term;
            k++;
            term *= mean / k;
        }
        return k;
    }

    /// <summary>
    /// The smallest number that a rate which is known from what was seen alone would reach with chance ≤
    /// <paramref name="level"/>: two that crash as often are told apart, however often that is.
    /// </summary>
    public static int CrashesForetold(double seen, double instanceHours, double exposure, double level)
    {
        var (shape, stays) = (seen + .5, instanceHours / (instanceHours + exposure));
        var (k, term, tail) = (0, Math.Pow(stays, shape), 1.0);
        while (tail > level && k < LargestForetold)
        {
            tail -= term;
            term *= (shape + k) / (k + 1) * (1 - stays);
            k++;
        }
        return k;
    }

    /// <summary>The same from above: of a large mean the chance of no crash at all is no number any more.</summary>
    static int FarOut(double mean, double level)
    {
        var k = (int)Math.Min(mean + 12 * Math.Sqrt(mean), int.MaxValue / 2);
        for (var tail = 0.0; k > 0; k--)
        {
            tail += Math.Exp(k * Math.Log(mean) - mean - LogGamma(k + 1));
            if (tail > level) return k + 1;
        }
        return k;
    }

    /// <summary>
    /// Sample-ratio check: ln of the Bayes factor that what was sent is not split as <paramref name="weights"/> say.
    /// The <paramref name="strength"/> says how close to the weights a wrong split is expected: large, since routers
    /// are right.
    /// </summary>
    public static double LogSplit(
        ReadOnlySpan<double> sent, ReadOnlySpan<double> weights, double strength = 10_000)
    {
        var (log, all, sum) = (0.0, 0.0, 0.0);
        for (var i = 0; i < sent.Length; i++)
        {
            var prior = strength * weights[i];
            log += LogGamma(prior + sent[i]) - LogGamma(prior) - sent[i] * Math.Log(weights[i]);
            all += sent[i];
            sum += prior;
        }
        return log - LogGamma(sum + all) + LogGamma(sum);
    }

    /// <summary>Stirling's series, after stepping up to where it is exact to the last digits.</summary>
    public static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 20; x++) shift -= Math.Log(x);
        var (r, r2) = (1 / x, 1 / (x * x));
        var series = r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 / 1188))));
        return shift + (x - .5) * Math.Log(x) - x + .5 * Math.Log(2 * Math.PI) + series;
    }
}
