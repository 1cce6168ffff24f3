using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Watches "slower than x". For a limit x is the limit; for a comparison it is stable's own recent percentile, which
/// may only move between blocks. The candidate counts as slow above 1.2·x, stable above x: what is tolerated is in
/// the thresholds. Always grouped, since latencies come in clumps.
/// </summary>
sealed class LatencyWitness : CountWitness
{
    const double LimitTolerance = 1.2;

    readonly LatencyMemory _stable;
    readonly LatencyMemory _candidate;
    readonly double _percentile;
    readonly double? _limitMs;
    readonly double _ratio = LimitTolerance;
    readonly double _worseByMs;
    int? _bin;

    public LatencyWitness(GateSpec gate, StreamTerms terms, LatencyMemory stable, LatencyMemory candidate)
        : base(Metric.Latency, [gate], terms with { Exact = false, Wavy = true })
    {
        (_stable, _candidate, _percentile) = (stable, candidate, PercentileOf(gate));
        if (gate.Rule is GateRule.Limit { Max: { } max }) _limitMs = max * 1000;
        if (gate.Rule is GateRule.Compare rule) (_ratio, _worseByMs) = (Math.Max(1, rule.Ratio), rule.WorseBy * 1000);
    }

    public override bool CountsErrors => false;

    public static double PercentileOf(GateSpec gate) => Math.Clamp(gate.Rule switch
    {
        GateRule.Limit rule => rule.Percentile,
        GateRule.Compare rule => rule.Percentile,
        _ => null,
    } ?? .99, 0, .9999);

    protected override double? LimitOf(GateSpec gate) => gate.Rule is GateRule.Limit ? 1 - PercentileOf(gate) : null;

    protected override Margin MarginOf(GateSpec gate) => new(0, 0);

    protected override bool Read(in Sample sample, out Counts x, out double over)
    {
        (x, over) = (default, 0);
        if (sample.Candidate.Latency is not { } candidate)
            return sample.Candidate.Requests == 0;
        if (sample.Stable is { Requests: > 0, Latency: null }) return false;

        // Before stable's percentile is known nothing can be slower than it: the source answers, the gate waits.
        if (Stream.Open == 0) _bin = _limitMs is { } limit ? Histogram.BinOf(limit) : _stable.BinAt(_percentile);
        if (_bin is not { } bin) return true;

        var stable = sample.Stable?.Latency;
        var worse = Histogram.BinOf(Histogram.EdgeOf(bin) * _ratio + _worseByMs);
        x = new(candidate.Above(worse), stable?.Above(bin) ?? 0, candidate.Total, stable?.Total ?? 0);
        over = _limitMs is null ? x.CandidateBad : candidate.Above(bin);
        return true;
    }

    public override void Learn(double seconds, in FleetCounts stable)
    {
        if (stable.Latency is { } latency && (_limitMs is { } limit ? Histogram.BinOf(limit) : _bin) is { } bin)
            Stream.Learn(latency.Above(bin), latency.Total);
    }

    public override string Counted(Finding finding)
    {
        var x = Total;
        var text = finding.Subject;
        if (_candidate.Near(_percentile) is { } mine) text += " " + Words.Milliseconds(Histogram.EdgeOf(mine));
        if (x.Stable > 0 && _stable.Near(_percentile) is { } theirs)
            text += " against " + Words.Milliseconds(Histogram.EdgeOf(theirs));
        return _bin is null
            ? text
            : $"{text}, slow {Share(x.CandidateBad, x.Candidate)}"
                + (x.Stable > 0 ? $" against {Share(x.StableBad, x.Stable)}" : "");
    }

    /// <summary>How many times as slow the candidate is at least; null when not even slower is proven.</summary>
    public string? Slower => _stable.All.Length > 0 && _candidate.All.Length > 0
        && QuantileTest.AtLeast(_stable.All, _candidate.All, _percentile, Stream.FalseAlarm) is >= 1.05 and var least
            ? $"at least {Words.AtLeast(least)} times as slow"
            : null;

    public override void Save(Tape tape)
    {
        base.Save(tape);
        tape.Write(_bin ?? double.MinValue);
    }

    public override void Load(Tape tape)
    {
        base.Load(tape);
        _bin = tape.Read() is > double.MinValue and var bin ? (int)bin : null;
    }
}
