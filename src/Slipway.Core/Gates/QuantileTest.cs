namespace Slipway.Gates;

/// <summary>
/// Is a percentile of the candidate above stable's? The two-sample test of Howard and Ramdas, "Sequential estimation of
/// quantiles with applications to A/B testing" (Bernoulli, 2022), on bins. It needs no threshold, so it says by how
/// much; the share of slow requests is what finds a harm sooner.
/// </summary>
static class QuantileTest
{
    /// <summary>
    /// ln of the evidence that the quantiles differ, of counts by ascending place: the weakest over all values that the
    /// common quantile could have.
    /// </summary>
    public static double LogEvidence(
        ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double quantile, double sharpest)
    {
        var (allLower, allUpper) = (Sum(lower), Sum(upper));
        var (belowLower, upToUpper, least) = (0.0, 0.0, double.PositiveInfinity);
        for (var i = 0; i < lower.Length; i++)
        {
            upToUpper += upper[i];
            // Outside of the span between both quantiles neither side's evidence gets weaker.
            if (belowLower + lower[i] >= quantile * allLower)
                least = Math.Min(least, RateInterval.LogMixture(belowLower, allLower, quantile, sharpest)
                    + RateInterval.LogMixture(upToUpper, allUpper, quantile, sharpest));
            belowLower += lower[i];
            if (upToUpper >= quantile * allUpper) break;
        }
        return double.IsInfinity(least) ? 0 : Math.Max(0, least);
    }

    /// <summary>
    /// The largest factor for which "at most so many times as slow" is refuted; null when not even "not slower" is.
    /// </summary>
    public static double? AtLeast(
        ReadOnlySpan<double> stable, ReadOnlySpan<double> candidate, double quantile, double falseAlarm)
    {
        var needed = Math.Log(1 / falseAlarm);
        var (low, high) = (-1, candidate.Length);
        Span<double> moved = new double[candidate.Length];
        while (high - low > 1)
        {
            var bins = (low + high) / 2;
            moved.Clear();
            candidate[bins..].CopyTo(moved);
            for (var i = 0; i < bins; i++) moved[0] += candidate[i];
            if (LogEvidence(stable, moved, quantile, RateInterval.Sharpest) >= needed) low = bins;
            else high = bins;
        }
        return low < 0 ? null : Histogram.EdgeOf(low);
    }

    static double Sum(ReadOnlySpan<double> counts)
    {
        var sum = 0.0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
