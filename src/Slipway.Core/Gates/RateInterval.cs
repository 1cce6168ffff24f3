namespace Slipway.Gates;

/// <summary>
/// What a share of bad events may be: all shares that the counts do not refute, whenever they are looked at. From the
/// beta-binomial mixture of Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic
/// confidence sequences" (Annals of Statistics, 2021). For requests that fail independently of each other.
/// </summary>
static class RateInterval
{
    /// <summary>The number of requests at which the interval is to be tightest.</summary>
    public const double Sharpest = 1000;

    const double Edge = 1e-12;
    const int Halvings = 60;

    public static (double Low, double High) Of(double bad, double all, double falseAlarm, double sharpest = Sharpest)
    {
        var (needed, seen) = (Math.Log(1 / falseAlarm), Math.Clamp(bad / all, 1e-9, 1 - 1e-9));
        return (Border(Edge), Border(1 - Edge));

        double Border(double outside)
        {
            if (LogMixture(bad, all, outside, sharpest) < needed) return Math.Round(outside);
            var (inner, outer) = (seen, outside);
            for (var i = 0; i < Halvings; i++)
            {
                var middle = (inner + outer) / 2;
                if (LogMixture(bad, all, middle, sharpest) < needed) inner = middle;
                else outer = middle;
            }
            return inner;
        }
    }

    /// <summary>ln of the evidence that the share is not <paramref name="share"/>.</summary>
    public static double LogMixture(double bad, double all, double share, double sharpest = Sharpest)
    {
        var (good, scatter) = (1 - share, share * (1 - share));
        var (sum, variance) = (bad - share * all, scatter * all);
        var prior = Math.Max(Prior(sharpest * scatter) - scatter, scatter / 1000);
        return -(variance + good * sum) / good * Math.Log(share) - (variance - share * sum) / share * Math.Log(good)
            + LogBeta((prior + variance - share * sum) / share, (prior + variance + good * sum) / good)
            - LogBeta(prior / share, prior / good);
    }

    /// <summary>How much of the evidence is spent on small deviations: best at this variance.</summary>
    static double Prior(double variance)
    {
        var needed = -2 * Math.Log(.05);
        return variance / (needed + Math.Log(1 + needed));
    }

    static double LogBeta(double a, double b) =>
        Chance.LogGamma(a) + Chance.LogGamma(b) - Chance.LogGamma(a + b);
}
