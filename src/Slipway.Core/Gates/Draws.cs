namespace Slipway.Gates;

/// <summary>
/// Reproducible draws (SplitMix64) for predictions: the same question has the same answer, whoever asks and when.
/// </summary>
sealed class Draws(ulong seed)
{
    ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>In (0, 1).</summary>
    public double Uniform() => ((Next() >> 11) + .5) * (1.0 / (1UL << 53));

    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>
    /// Small means event by event; large ones from the normal law with its first correction for skew.
    /// </summary>
    public long Poisson(double mean)
    {
        if (mean > 15)
        {
            var z = Normal();
            return (long)Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * z + (z * z - 1) / 6));
        }
        var (limit, product, k) = (Math.Exp(-mean), Uniform(), 0L);
        for (; product > limit; k++) product *= Uniform();
        return k;
    }
}
