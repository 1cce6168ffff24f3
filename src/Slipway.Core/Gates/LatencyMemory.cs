namespace Slipway.Gates;

/// <summary>
/// What stable's latencies were, lately. Instead of fading all bins at each tick, new counts weigh more and more; the
/// whole is scaled down when the numbers get large.
/// </summary>
sealed class LatencyMemory
{
    const double LargestGain = 1e6;

    /// <summary>A bin with less than this isn't worth its place in the journal.</summary>
    const double Kept = .2;

    // Allocated when the first latency comes: most judges never see one.
    double[] _bins = [];
    double[] _all = [];
    double _gain = 1;
    double _total;

    /// <summary>Requests remembered, the older ones faded.</summary>
    public double Total => _total / _gain;

    /// <summary>Every request since the judgement began, by its bin: what a bound may be proven with.</summary>
    public ReadOnlySpan<double> All => _all;

    /// <summary>What stable did before the release: known, and no evidence.</summary>
    public void Learn(double seconds, LatencyCounts counts)
    {
        if (_bins.Length == 0) (_bins, _all) = (new double[Histogram.Bins], new double[Histogram.Bins]);
        _gain *= Math.Exp(seconds / Levels.Memory);
        foreach (var (bin, count) in counts.Bins.AsSpan())
        {
            _bins[Histogram.Clamp(bin) - Histogram.LowestBin] += count * _gain;
            _total += count * _gain;
        }
        if (_gain > LargestGain) ScaleDown();
    }

    public void Add(double seconds, LatencyCounts counts)
    {
        Learn(seconds, counts);
        foreach (var (bin, count) in counts.Bins.AsSpan()) _all[Histogram.Clamp(bin) - Histogram.LowestBin] += count;
    }

    /// <summary>
    /// The bin that holds the percentile; null as long as too few requests are above it to mean anything.
    /// </summary>
    public int? BinAt(double percentile)
    {
        return Total < Math.Max(100, 5 / (1 - percentile)) ? null : Near(percentile);
    }

    /// <summary>The same for people to read: however few requests there are.</summary>
    public int? Near(double percentile)
    {
        if (_total == 0) return null;
        var above = _total * (1 - percentile);
        var i = _bins.Length - 1;
        for (var sum = _bins[i]; sum <= above && i > 0; sum += _bins[i]) i--;
        return i + Histogram.LowestBin;
    }

    void ScaleDown()
    {
        for (var i = 0; i < _bins.Length; i++) _bins[i] /= _gain;
        (_total, _gain) = (_total / _gain, 1);
    }

    public void Save(Tape tape)
    {
        ScaleDown();
        tape.Write(_bins.Where((weight, i) => weight > Kept || _all[i] > 0).Count());
        for (var i = 0; i < _bins.Length; i++)
        {
            if (_bins[i] <= Kept && _all[i] == 0) continue;
            tape.Write(i, Math.Round(_bins[i], 1));
            tape.Write(_all[i]);
        }
    }

    public void Load(Tape tape)
    {
        (_bins, _all) = (new double[Histogram.Bins], new double[Histogram.Bins]);
        (_total, _gain) = (0, 1);
        for (var n = (int)tape.Read(); n > 0; n--)
        {
            var i = (int)tape.Read();
            _bins[i] = tape.Read();
            _all[i] = tape.Read();
            _total += _bins[i];
        }
    }
}
