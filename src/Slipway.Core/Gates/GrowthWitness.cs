using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Watches how fast memory grows: a leak, long before memory is used up. A plain rule: the slope of the last window,
/// with its scatter in the candidate's favour, is above the limit, and stable's is not.
/// </summary>
sealed class GrowthWitness : Witness
{
    readonly Slope _candidate, _stable;

    public GrowthWitness(GateSpec gate)
    {
        // A window that is too short for blocks of the usual length has shorter ones, and so more scatter to prove.
        var seconds = Math.Min(Levels.MeanBlock, gate.Window.TotalSeconds / Slope.Fewest);
        var blocks = (int)Math.Round(gate.Window.TotalSeconds / seconds);
        (_candidate, _stable) = (new(blocks, seconds), new(blocks, seconds));
        Add(new GrowthFinding(gate, this));
    }

    /// <summary>Parts of all memory in an hour: what is sure, and what is likely; null when it is too early.</summary>
    public (double Sure, double Likely)? Candidate => _candidate.PerHour;
    public (double Sure, double Likely)? Stable => _stable.PerHour;

    protected override bool Watch(in Sample sample)
    {
        if (sample.Candidate.Memory is not { } memory || !IsValue(memory)) return false;
        _candidate.Tick(sample.Seconds, memory);
        if (sample.Stable?.Memory is { } other && IsValue(other)) _stable.Tick(sample.Seconds, other);
        return true;
    }

    /// <summary>New instances have come: what they take on average says nothing of growth.</summary>
    public override void Raise()
    {
        base.Raise();
        _candidate.Clear();
        _stable.Clear();
    }

    public override void Save(Tape tape)
    {
        base.Save(tape);
        _candidate.Save(tape);
        _stable.Save(tape);
    }

    public override void Load(Tape tape)
    {
        base.Load(tape);
        _candidate.Load(tape);
        _stable.Load(tape);
    }
}

/// <summary>The straight line through the last blocks of a value.</summary>
sealed class Slope(int blocks, double blockSeconds)
{
    public const int Fewest = 6;
    const double Sure = 3;

    readonly Queue<double> _means = new();
    double _seconds, _sum;

    public void Tick(double seconds, double value)
    {
        _seconds += seconds;
        _sum += value * seconds;
        if (_seconds < blockSeconds - 1e-9) return;
        _means.Enqueue(_sum / _seconds);
        if (_means.Count > blocks) _means.Dequeue();
        (_seconds, _sum) = (0, 0);
    }

    public (double Sure, double Likely)? PerHour
    {
        get
        {
            if (_means.Count < blocks) return null;
            var middle = (blocks - 1) / 2.0;
            var (mean, spread, slope, i) = (_means.Average(), blocks * (blocks * blocks - 1.0) / 12, 0.0, 0);
            foreach (var value in _means) slope += (i++ - middle) * (value - mean) / spread;
            var (rest, j) = (0.0, 0);
            foreach (var value in _means) rest += Math.Pow(value - mean - (j++ - middle) * slope, 2);
            var scatter = Math.Sqrt(rest / (blocks - 2) / spread);
            var blocksPerHour = 3600 / blockSeconds;
            return ((slope - Sure * scatter) * blocksPerHour, slope * blocksPerHour);
        }
    }

    public void Clear()
    {
        _means.Clear();
        (_seconds, _sum) = (0, 0);
    }

    public void Save(Tape tape)
    {
        tape.Write(_seconds, _sum);
        tape.Write(_means.Count);
        foreach (var mean in _means) tape.Write(mean);
    }

    public void Load(Tape tape)
    {
        Clear();
        (_seconds, _sum) = (tape.Read(), tape.Read());
        for (var n = (int)tape.Read(); n > 0; n--) _means.Enqueue(tape.Read());
    }
}

sealed class GrowthFinding(GateSpec gate, GrowthWitness witness) : Finding(gate)
{
    readonly double _most = (gate.Rule as GateRule.Limit)?.Max ?? 0;

    bool TooFast => witness.Candidate is { } growth && growth.Sure > _most;

    public override double E => TooFast && !NotTheRelease ? Levels.Certain : 1;
    public override bool Harmless => witness.Candidate is { } growth && growth.Likely <= _most;
    public override bool NotTheRelease => TooFast && witness.Stable is { } growth && growth.Sure > _most;

    public override string Describe(Verdict verdict)
    {
        if (witness.Candidate is not { } mine) return Subject + ": not measured long enough yet";
        var against = witness.Stable is { } theirs ? $" against {Words.Points(theirs.Likely)}" : "";
        var limit = $" (limit {Words.Points(_most)})";
        return $"{Subject} {Words.Points(mine.Likely)} an hour{against}{limit}: " + verdict switch
        {
            Verdict.Fail => $"at least {Words.Points(mine.Sure)}",
            Verdict.NotTheRelease => "both sides grow, so it is not the release",
            _ when Harmless => "within the limit",
            _ => "no harm shown, none ruled out",
        };
    }
}
