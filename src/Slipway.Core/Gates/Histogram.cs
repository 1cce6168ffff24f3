namespace Slipway.Gates;

/// <summary>
/// Latencies in log-linear bins, 2 % wide: bin i holds (1.02^(i−1), 1.02^i] milliseconds. 1.2 times a threshold is
/// ten bins further up, so thresholds move without looking at single requests again.
/// </summary>
public static class Histogram
{
    public const double Growth = 1.02;

    /// <summary>10 microseconds to about 17 minutes; what lies outside counts in the outermost bins.</summary>
    public const int LowestBin = -232;
    public const int HighestBin = 700;
    public const int Bins = HighestBin - LowestBin + 1;

    static readonly double LogGrowth = Math.Log(Growth);

    public static int BinOf(double milliseconds) =>
        (int)Math.Ceiling(Math.Log(Math.Max(milliseconds, 1e-6)) / LogGrowth - 1e-9);

    /// <summary>The upper edge of a bin, in milliseconds.</summary>
    public static double EdgeOf(int bin) => Math.Exp(bin * LogGrowth);

    /// <summary>How many bins a factor moves a threshold up.</summary>
    public static int Shift(double factor) => (int)Math.Ceiling(Math.Log(factor) / LogGrowth - 1e-9);

    public static int Clamp(int bin) => Math.Clamp(bin, LowestBin, HighestBin);
}

/// <summary>How many requests fell in a bin.</summary>
public readonly record struct BinCount(int Bin, long Count);

/// <summary>The latencies of one tick: only the bins that hold something, in any order.</summary>
public sealed record LatencyCounts(Seq<BinCount> Bins)
{
    public long Total
    {
        get
        {
            var sum = 0L;
            foreach (var bin in Bins.AsSpan()) sum += bin.Count;
            return sum;
        }
    }

    /// <summary>What has been added since an earlier count.</summary>
    public LatencyCounts Minus(LatencyCounts earlier)
    {
        var before = earlier.Bins.ToDictionary(bin => bin.Bin, bin => bin.Count);
        return new(Bins
            .Select(bin => bin with { Count = bin.Count - before.GetValueOrDefault(bin.Bin) })
            .Where(bin => bin.Count > 0)
            .ToSeq());
    }

    /// <summary>
    /// So large a part took no longer than this many milliseconds; null when nothing was measured. A bin may be there
    /// more than once.
    /// </summary>
    public double? Quantile(double part)
    {
        var (left, total) = (part * Total, 0L);
        foreach (var (at, count) in Bins.OrderBy(bin => bin.Bin))
            if ((total += count) >= left && count > 0) return Histogram.EdgeOf(at);
        return null;
    }

    /// <summary>Requests slower than the upper edge of <paramref name="bin"/>.</summary>
    public long Above(int bin)
    {
        var sum = 0L;
        foreach (var (at, count) in Bins.AsSpan())
            if (at > bin) sum += count;
        return sum;
    }
}
