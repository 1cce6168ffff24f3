namespace Slipway.Gates;

/// <summary>What a mean may be: compared with stable's, and (optionally) under a limit.</summary>
sealed record MeanTerms
{
    public double? Limit { get; init; }

    /// <summary>A difference of this part of the level is tolerated.</summary>
    public double Worse { get; init; } = .10;

    /// <summary>... and this much more, in the metric's own unit.</summary>
    public double Points { get; init; }

    /// <summary>How long it must be above the limit.</summary>
    public double Seconds { get; init; } = Levels.MeanFor;
}

/// <summary>
/// Cpu, memory, business values: means of 20 seconds, since neighbouring seconds say nearly the same; worse than
/// stable by more than is tolerated, or above a limit for a minute and worse at all. Higher is worse: turn the sign
/// where lower is.
/// </summary>
sealed class Mean(MeanTerms terms)
{
    const int FewestBlocks = 5;

    double _openSeconds, _candidate, _stable, _safe, _sum, _squares, _tolerated, _plainSum, _plainSquares;
    double _safeBlocks, _safeSum, _safeSquares;
    bool _alone;

    public int Blocks { get; private set; }

    /// <summary>Blocks in a row, up to now, in which a side was above the limit.</summary>
    public int Above { get; private set; }
    public int StableAbove { get; private set; }

    /// <summary>Blocks in a row, up to now, in which the candidate was within the limit.</summary>
    public int Within { get; private set; }

    /// <summary>The last whole block of each side.</summary>
    public double? LastCandidate { get; private set; }
    public double? LastStable { get; private set; }

    public bool Sustained => Above >= LongEnough;
    public bool StableSustained => StableAbove >= LongEnough;
    int LongEnough => Math.Max(1, (int)Math.Ceiling(terms.Seconds / Levels.MeanBlock));

    /// <param name="stable">
    /// Null when there is no control: then the block only says whether it is above the limit.
    /// </param>
    /// <param name="safe">What stable shows as it is to be taken for the proof of harmlessness.</param>
    public void Tick(double seconds, double candidate, double? stable, double? safe = null)
    {
        _openSeconds += seconds;
        _candidate += candidate * seconds;
        _stable += (stable ?? 0) * seconds;
        _safe += (safe ?? stable ?? 0) * seconds;
        _alone |= stable is null;
        if (_openSeconds < Levels.MeanBlock - 1e-9) return;

        var (c, s) = (_candidate / _openSeconds, _stable / _openSeconds);
        (Above, Within) = c > terms.Limit ? (Above + 1, 0) : (0, Within + 1);
        LastCandidate = c;
        if (!_alone) Compare(c, s, _safe / _openSeconds);
        (_openSeconds, _candidate, _stable, _safe, _alone) = (0, 0, 0, 0, false);
    }

    /// <summary>The weight was raised: what was proven harmless is to be proven anew, harm stays what it is.</summary>
    public void Raise() => (_safeBlocks, _safeSum, _safeSquares, Within) = (0, 0, 0, 0);

    void Compare(double candidate, double stable, double safe)
    {
        var (tolerated, difference) = (Tolerated(stable), candidate - stable - Tolerated(stable));
        var beside = candidate - safe - Tolerated(safe);
        (_safeBlocks, _safeSum, _safeSquares) = (_safeBlocks + 1, _safeSum + beside, _safeSquares + beside * beside);
        Blocks++;
        _tolerated += tolerated;
        _sum += difference;
        _squares += difference * difference;
        _plainSum += candidate - stable;
        _plainSquares += (candidate - stable) * (candidate - stable);
        StableAbove = stable > terms.Limit ? StableAbove + 1 : 0;
        LastStable = stable;
    }

    double Tolerated(double stable) =>
        terms.Worse * Math.Max(Math.Abs(stable), Math.Abs(terms.Limit ?? 0)) + terms.Points;

    /// <summary>Evidence only in the bad direction, and only while a limit is broken where there is one.</summary>
    public double E => Harm(_sum, _squares);

    /// <summary>
    /// The same against a limit that somebody has set. Stable is within it: then worse is worse, by however little. If
    /// it isn't, worse by a part of the level is asked for, and never less than "worse".
    /// </summary>
    public double OverLimitE
    {
        get
        {
            var worse = Harm(_plainSum, _plainSquares);
            return StableAbove == 0 ? worse : Math.Min(worse, E);
        }
    }

    double Harm(double sum, double squares)
    {
        var (e, worse) = Factor(Blocks, sum, squares);
        return worse && (terms.Limit is null || Sustained) ? e : Math.Min(e, 1);
    }

    /// <summary>How much worse it is at least, in the metric's own unit; null when not even worse is proven.</summary>
    public double? AtLeast(double falseAlarm)
    {
        if (Blocks < FewestBlocks) return null;
        var least = (_sum + _tolerated) / Blocks
            - MeanInterval.Radius(Blocks, Math.Sqrt(Variance(Blocks, _sum / Blocks, _squares)), falseAlarm);
        return least > 0 ? least : null;
    }

    /// <summary>Evidence that it is not worse by more than is tolerated.</summary>
    public double SafeE
    {
        get
        {
            var (e, worse) = Factor((int)_safeBlocks, _safeSum, _safeSquares);
            return worse ? Math.Min(e, 1) : e;
        }
    }

    static (double E, bool Worse) Factor(int blocks, double sum, double squares)
    {
        if (blocks < FewestBlocks) return (1, false);
        var mean = sum / blocks;
        var variance = Variance(blocks, mean, squares);
        return (Evidence.Known(TFactor(blocks, mean / Math.Sqrt(variance / blocks))), mean > 0);
    }

    static double Variance(int blocks, double mean, double squares) =>
        Math.Max((squares - blocks * mean * mean) / (blocks - 1), 1e-12);

    /// <summary>
    /// Bayes factor of a t statistic with the effect's size drawn from N(0,1) under the alternative: free of scale,
    /// so the unknown noise of a metric needs no estimate from elsewhere.
    /// </summary>
    public static double TFactor(int n, double t)
    {
        double v = n - 1;
        return Math.Pow(1 + n, -.5) * Math.Pow((1 + t * t / v) / (1 + t * t / (v * (1 + n))), (v + 1) / 2);
    }

    public void Save(Tape tape)
    {
        tape.Write(_openSeconds, _candidate);
        tape.Write(_stable, Blocks);
        tape.Write(_sum, _squares);
        tape.Write(Above, StableAbove);
        tape.Write(LastCandidate ?? double.MinValue, LastStable ?? double.MinValue);
        tape.Write(_alone ? 1 : 0, _tolerated);
        tape.Write(Within, _safe);
        tape.Write(_safeBlocks);
        tape.Write(_safeSum, _safeSquares);
        tape.Write(_plainSum, _plainSquares);
    }

    public void Load(Tape tape)
    {
        (_openSeconds, _candidate) = (tape.Read(), tape.Read());
        (_stable, Blocks) = (tape.Read(), (int)tape.Read());
        (_sum, _squares) = (tape.Read(), tape.Read());
        (Above, StableAbove) = ((int)tape.Read(), (int)tape.Read());
        LastCandidate = tape.Read() is > double.MinValue and var candidate ? candidate : null;
        LastStable = tape.Read() is > double.MinValue and var stable ? stable : null;
        (_alone, _tolerated) = (tape.Read() > 0, tape.Read());
        (Within, _safe) = ((int)tape.Read(), tape.Read());
        _safeBlocks = tape.Read();
        (_safeSum, _safeSquares) = (tape.Read(), tape.Read());
        (_plainSum, _plainSquares) = (tape.Read(), tape.Read());
    }
}
