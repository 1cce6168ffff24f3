using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>Watches one kind of bad event: errors, or requests without an answer.</summary>
class CountWitness : Witness
{
    const int MostSteps = 8;

    readonly Metric _metric;
    readonly List<Counts> _steps = [default];

    public CountWitness(Metric metric, IReadOnlyList<GateSpec> all, StreamTerms terms)
        : base(all[0].Source?.Name)
    {
        _metric = metric;
        var limits = all.Where(gate => LimitOf(gate) > 0).ToList();
        var acting = limits.Where(gate => gate is { Severity: Severity.Fail, DryRun: false }).ToList();
        var alone = (acting.Count > 0 ? acting : limits).Select(gate => LimitOf(gate)!.Value)
            .DefaultIfEmpty(AloneOf(all)).Min();
        Stream = new(terms with { LimitAlone = alone });
        foreach (var gate in all)
            if (LimitOf(gate) is { } limit) Add(new LimitFinding(gate, this, Math.Max(limit, 1e-6)));
            else Add(new CompareFinding(gate, this, MarginOf(gate)));
    }

    public CountStream Stream { get; }
    public override bool CountsErrors => _metric != Metric.Custom;
    public virtual bool Exact => Stream.Exact;
    public ReadOnlySpan<Counts> Steps => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps);

    public Counts Total
    {
        get
        {
            var sum = default(Counts);
            foreach (var step in _steps) sum += step;
            return sum;
        }
    }

    /// <summary>The limit on the share of bad events; null for a comparison.</summary>
    protected virtual double? LimitOf(GateSpec gate) => gate.Rule switch
    {
        GateRule.Limit { Metric: Metric.ErrorRate or Metric.Custom, Max: { } max } => max,
        GateRule.Limit { Min: { } min } => 1 - min,
        GateRule.Limit => Levels.LimitAlone,
        _ => null,
    };

    protected virtual Margin MarginOf(GateSpec gate) =>
        gate.Rule is GateRule.Compare rule ? new(Math.Max(1, rule.Ratio), rule.WorseBy) : new(1.2, 0);

    static double AloneOf(IReadOnlyList<GateSpec> gates) => gates
        .Select(gate => gate.Rule is GateRule.Compare { Metric: not Metric.Latency } rule ? rule.WorseBy : 0)
        .Append(Levels.LimitAlone).Max();

    /// <summary>What a fleet showed of this metric; null when it wasn't measured.</summary>
    protected virtual bool Read(in Sample sample, out Counts x, out double over)
    {
        if (Elsewhere is not null) return ReadElsewhere(sample, out x, out over);
        var (c, s) = (sample.Candidate, sample.Stable ?? default);
        x = _metric == Metric.Availability
            ? new(c.Unanswered, s.Unanswered, c.Requests, s.Requests)
            : new(c.Errors, s.Errors, c.Requests, s.Requests);
        over = x.CandidateBad;
        return true;
    }

    bool ReadElsewhere(in Sample sample, out Counts x, out double over)
    {
        (x, over) = (default, 0);
        foreach (var counted in sample.Counted.AsSpan())
        {
            if (!string.Equals(counted.Name, Elsewhere, StringComparison.Ordinal)) continue;
            var (mine, theirs) = (counted.Candidate, counted.Stable ?? default);
            if (!IsValue(mine.All) || !IsValue(theirs.All)) return false;
            (x, over) = (new(mine.Bad, theirs.Bad, mine.All, theirs.All), mine.Bad);
            return true;
        }

        return false;
    }

    protected override bool Watch(in Sample sample)
    {
        if (!Read(sample, out var x, out var over)) return false;
        Stream.Tick(sample.Seconds, x, over, Elsewhere is null ? sample.Share : null);
        _steps[^1] += x;
        foreach (var finding in Findings)
            if (finding is LimitFinding limited) limited.Tick(sample.Seconds, x, over);
        return true;
    }

    public override void Raise()
    {
        base.Raise();
        Stream.Raise();
        foreach (var finding in Findings) (finding as LimitFinding)?.Raise();
        _steps.Add(default);
        if (_steps.Count <= MostSteps) return;
        _steps[1] += _steps[0];
        _steps.RemoveAt(0);
    }

    public override void Learn(double seconds, in FleetCounts stable) =>
        Stream.Learn(_metric == Metric.Availability ? stable.Unanswered : stable.Errors, stable.Requests);

    /// <summary>What was counted, in words: "4.8 % (24 of 503) against 0.1 % (9 of 9,540)".</summary>
    public virtual string Counted(Finding finding)
    {
        var x = Total;
        var good = finding.Gate.Rule is GateRule.Limit { Min: not null };
        var candidate = Share(x.CandidateBad, x.Candidate, good);
        if (x.Stable > 0) return $"{finding.Subject} {candidate} against {Share(x.StableBad, x.Stable, good)}";
        return $"{finding.Subject} {candidate}";
    }

    /// <summary>Of an outage only what is counted since it began: what was well before is beside the point.</summary>
    public string Outage(Finding finding)
    {
        var (x, good) = (Stream.Failing, finding.Gate.Rule is GateRule.Limit { Min: not null });
        var share = Share(x.CandidateBad, x.Candidate, good);
        return $"{finding.Subject} {share} in the last {Words.Duration(Stream.OutageSeconds)}";
    }

    protected static string Share(double bad, double all, bool good = false)
    {
        var part = good ? all - bad : bad;
        var percent = good ? Words.PercentGood(part / all) : Words.Percent(part / all);
        return $"{percent} ({Words.Count(part)} of {Words.Count(all)})";
    }

    public override void Save(Tape tape)
    {
        base.Save(tape);
        Stream.Save(tape);
        tape.Write(_steps.Count);
        foreach (var step in _steps) tape.Write(step);
        foreach (var finding in Findings) (finding as LimitFinding)?.Save(tape);
    }

    public override void Load(Tape tape)
    {
        base.Load(tape);
        Stream.Load(tape);
        _steps.Clear();
        for (var n = (int)tape.Read(); n > 0; n--) _steps.Add(tape.ReadCounts());
        foreach (var finding in Findings) (finding as LimitFinding)?.Load(tape);
    }
}
