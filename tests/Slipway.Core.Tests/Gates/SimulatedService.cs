namespace Slipway.Gates;

/// <summary>
/// A service under a release, drawn tick by tick from a seed: counts arrive by chance, nothing else does.
/// </summary>
sealed class SimulatedService(ulong seed, double requestsPerSecond)
{
    readonly Draws _draws = new(seed);

    /// <summary>
    /// Log-normal latencies around this median; a sigma of 0.5 puts the 99th percentile at 3.2 times it.
    /// </summary>
    public const double MedianMs = 60;
    const double Sigma = .5;

    static readonly (int Bin, double Part)[] Bins = [.. Enumerable.Range(100, 251)
        .Select(bin => (bin, Normal((bin * Math.Log(1.02) - Math.Log(MedianMs)) / Sigma)
            - Normal(((bin - 1) * Math.Log(1.02) - Math.Log(MedianMs)) / Sigma)))
        .Where(bin => bin.Item2 > 1e-7)];

    public static readonly LatencyCounts Profile =
        new(Bins.Select(bin => new BinCount(bin.Bin, (long)(bin.Part * 1e7))).ToSeq());

    public FleetCounts Fleet(double share, double seconds, double errorRate, double? slowness = null)
    {
        var mean = requestsPerSecond * share * seconds;
        var errors = _draws.Poisson(mean * errorRate);
        var counts = new FleetCounts(errors + _draws.Poisson(mean * (1 - errorRate)), errors);
        return slowness is { } factor ? counts with { Latency = Latencies(mean, factor) } : counts;
    }

    public Sample Tick(double share, double seconds, double baseRate, double badRate) => new(
        seconds, Fleet(share, seconds, badRate), share < 1 ? Fleet(1 - share, seconds, baseRate) : null)
    {
        Share = share,
    };

    public Sample SlowTick(double share, double seconds, double slowness) => new(
        seconds, Fleet(share, seconds, 0, slowness), Fleet(1 - share, seconds, 0, 1));

    LatencyCounts Latencies(double mean, double slowness)
    {
        var shift = Histogram.Shift(slowness);
        var counts = new List<BinCount>(64);
        foreach (var (bin, part) in Bins)
            if (_draws.Poisson(mean * part) is > 0 and var count) counts.Add(new(bin + shift, count));
        return new(counts.ToSeq());
    }

    static double Normal(double z)
    {
        // Abramowitz and Stegun 7.1.26 by way of erf: exact to 1e-7, plenty for drawing.
        var t = 1 / (1 + .3275911 * Math.Abs(z) / Math.Sqrt(2));
        var erf = 1 - t * (.254829592 + t * (-.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
            * Math.Exp(-z * z / 2);
        return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
    }
}
