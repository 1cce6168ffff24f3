using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Watches a value: cpu, memory, throughput, what another system knows. With a control: worse than stable, by the t
/// statistic, and above the limit for as long as the gate says. Without one only the limit is left, as a plain rule:
/// above it all the time for that long. The rule blames the release only when stable was within the limit before.
/// Stable with hardly anything to do is no control of what depends on that, and its cpu is taken as it would be with
/// the candidate's requests.
/// </summary>
sealed class MeanWitness : Witness
{
    readonly Metric _metric;
    readonly Scale _scale;
    readonly bool _compares;
    readonly Mean _mean;
    readonly Recent _recent;
    readonly Workload _load = new();
    double _unseen, _aloneSeconds, _brokenAfter;
    bool _alone, _shared, _wasWell;

    public MeanWitness(GateSpec gate) : base(gate.Source?.Name)
    {
        (_metric, _scale) = gate.Rule switch
        {
            GateRule.Limit rule => (rule.Metric, Scale.Of(rule)),
            GateRule.Compare rule => (rule.Metric, Scale.Of(rule)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        _compares = gate.Rule is GateRule.Compare;
        _recent = new(gate.Window.TotalSeconds);
        var terms = new MeanTerms
        {
            Limit = _scale.Limit,
            Seconds = gate switch
            {
                { Failures: > 0 and var many } => many * Levels.MeanBlock,
                { For.TotalSeconds: > 0 and var seconds } => seconds,
                _ => Levels.MeanFor,
            },
        };
        if (gate.Rule is GateRule.Compare compare)
            terms = terms with { Worse = Math.Max(0, compare.Ratio - 1), Points = compare.WorseBy };
        _mean = new(terms);
        Add(new MeanFinding(gate, this));
    }

    public Mean Mean => _mean;

    protected override int Fewest => Levels.Measurements;

    /// <summary>The mean over the window, in this step, is out of the limit.</summary>
    public bool OverLimit => _recent.All > 0 && _recent.Bad / _recent.All > _scale.Limit;

    /// <summary>Above the limit, though nothing is left to compare with.</summary>
    public bool AboveAlone => _alone && _mean.Sustained;

    /// <summary>
    /// Stable was within the limit until the control left, or there never was one: the limit is then a plain rule. What
    /// begins later, a peak of the load say, might have struck stable as well. A value of the service as a whole must
    /// have been well since the release began: what was out of its limit before is not the release.
    /// </summary>
    public bool Blamed => _mean.LastStable is { } stable
        ? !(stable > _scale.Limit) && !StableWouldToo && _brokenAfter <= Levels.OutageBlame
        : !NeverWell;

    bool StableWouldToo =>
        _metric == Metric.Cpu && _mean.LastCandidate is { } mine && _load.StableWouldUse(_scale.Back(mine));

    /// <summary>Stable's value is not what it uses, but what it would use with the candidate's requests.</summary>
    public bool IsForAsMany => _metric == Metric.Cpu && _load.IsUneven;

    /// <summary>What it shows depends on requests, and it has hardly any.</summary>
    public bool StableIsIdle => _metric is Metric.Cpu or Metric.Custom && _load.StableIsIdle;

    public bool NeverWell => _shared && !_wasWell;

    protected override bool Watch(in Sample sample)
    {
        _unseen = Math.Min(_unseen + sample.Seconds, Levels.Silence);
        _load.Tick(sample);
        // Without a share nobody knows how many requests each side should have had: no silence, and no evidence.
        if (_metric == Metric.Throughput && _compares && sample.Share is not (> 0 and < 1)) return true;
        if (Read(sample, out var stable) is not { } candidate || !IsValue(candidate)) return false;
        if (stable is { } control && !IsValue(control)) return false;

        // A source that is asked every quarter of a minute speaks for all of that time.
        var seconds = _unseen;
        _shared = stable is null && Elsewhere is not null && (_shared || sample.Stable is not null);
        if (StableIsIdle) stable = null;
        _alone = stable is null;
        _wasWell |= !(_scale.Turn(candidate) > _scale.Limit);
        _unseen = 0;
        _aloneSeconds = _alone ? _aloneSeconds + seconds : 0;
        var (harm, safe) = stable is { } s ? InStable(s) : (default(double?), null);
        _mean.Tick(seconds, _scale.Turn(candidate), harm, safe);
        _recent.Tick(seconds, _scale.Turn(candidate) * seconds, seconds);
        if (_mean.Above == 0) _brokenAfter = _aloneSeconds;
        return true;
    }

    (double? Harm, double? Safe) InStable(double value)
    {
        var (harm, safe) = _metric == Metric.Cpu ? _load.OfStable(value) : (value, value);
        return (_scale.Turn(harm), _scale.Turn(safe));
    }

    double? Read(in Sample sample, out double? stable)
    {
        stable = null;
        switch (_metric)
        {
            case Metric.Cpu:
                stable = sample.Stable?.Cpu;
                return sample.Candidate.Cpu;
            case Metric.Memory when !_compares:
                // Together they use up what there is: as many of stable's would as well.
                var instances = Math.Max(1, sample.Candidate.Instances);
                stable = sample.Stable?.Memory * instances;
                return sample.Candidate.Memory * instances;
            case Metric.Memory:
                stable = sample.Stable?.Memory;
                return sample.Candidate.Memory;
            case Metric.Throughput when _compares:
                // What each side answers of what it is given: one that hangs answers less.
                var (share, seconds) = (sample.Share!.Value, Math.Max(sample.Seconds, 1e-3));
                stable = Answered(sample.Stable ?? default) / (seconds * (1 - share));
                return Answered(sample.Candidate) / (seconds * share);
            case Metric.Throughput:
                // How the requests divide is the router's doing, so only their sum means something: the same on both
                // sides.
                var all = (sample.Candidate.Requests + (sample.Stable?.Requests ?? 0)) / Math.Max(sample.Seconds, 1e-3);
                stable = sample.Stable is null ? null : all;
                return all;
            default:
                foreach (var value in sample.Custom.AsSpan())
                {
                    if (!string.Equals(value.Name, Elsewhere, StringComparison.Ordinal)) continue;
                    stable = value.Stable;
                    return value.Candidate;
                }
                return null;
        }
    }

    /// <summary>A 504 of the gateway is no answer of the version, nor is what a client did not wait for.</summary>
    static long Answered(in FleetCounts fleet) => fleet.Requests - fleet.Unanswered - fleet.GivenUp;

    public string Show(double value) => _metric is Metric.Cpu or Metric.Memory
        ? Words.Percent(value)
        : Words.Number(_scale.Back(value));

    public string ShowDifference(double value) => _metric is Metric.Cpu or Metric.Memory
        ? Words.Points(value)
        : Words.Number(value);

    public string ShowLimit => _metric is Metric.Cpu or Metric.Memory && _scale.Limit is { } limit
        ? Words.Percent(limit)
        : _scale.Text;

    public override void Raise()
    {
        base.Raise();
        _mean.Raise();
        _load.Raise();
        _recent.Clear();
    }

    public override void Save(Tape tape)
    {
        base.Save(tape);
        _mean.Save(tape);
        _load.Save(tape);
        _recent.Save(tape);
        tape.Write(_unseen, _alone ? 1 : 0);
        tape.Write(_aloneSeconds, _brokenAfter);
        tape.Write(_shared ? 1 : 0, _wasWell ? 1 : 0);
    }

    public override void Load(Tape tape)
    {
        base.Load(tape);
        _mean.Load(tape);
        _load.Load(tape);
        _recent.Load(tape);
        (_unseen, _alone) = (tape.Read(), tape.Read() > 0);
        (_aloneSeconds, _brokenAfter) = (tape.Read(), tape.Read());
        (_shared, _wasWell) = (tape.Read() > 0, tape.Read() > 0);
    }
}

/// <summary>
/// Turns a metric so that higher is worse: what must not fall is negated, what must stay becomes a distance.
/// </summary>
sealed record Scale(double? Limit, double Sign = 1, double? Centre = null, string Text = "")
{
    public static Scale Of(GateRule.Limit rule) => rule switch
    {
        { EqualTo: { } equal } =>
            new(rule.Tolerance, 1, equal, $"{Words.Number(equal)} ± {Words.Number(rule.Tolerance)}"),
        { Min: { } min, Max: { } max } =>
            new((max - min) / 2, 1, (max + min) / 2, $"{Words.Number(min)} to {Words.Number(max)}"),
        { Min: { } min } => new(-min, -1, null, $"at least {Words.Number(min)}"),
        _ => new(rule.Max, 1, null, rule.Max is { } max ? $"at most {Words.Number(max)}" : ""),
    };

    public double Turn(double value) => Centre is { } centre ? Math.Abs(value - centre) : Sign * value;

    public static Scale Of(GateRule.Compare rule) =>
        new(Limit: null, rule.LessIsWorse || rule.Metric == Metric.Throughput ? -1 : 1);

    /// <summary>As people know it; of a distance the sign is gone, so the distance itself is shown.</summary>
    public double Back(double value) => Centre is null ? Sign * value : value;
}

sealed class MeanFinding(GateSpec gate, MeanWitness witness) : Finding(gate)
{
    Mean Mean => witness.Mean;

    public override double E =>
        witness.AboveAlone && witness.Blamed ? Levels.Certain
        : Gate.Rule is GateRule.Limit ? Mean.OverLimitE
        : Mean.E;

    public override bool OverLimit => witness.OverLimit;

    public override bool Harmless => !OverLimit && Mean.Above == 0 && Mean.Within >= Math.Max(1, Gate.Successes)
        && Mean.LastCandidate is not null
        && (Mean.SafeE >= 1 / Levels.Safe || Gate.Rule is GateRule.Limit);

    public override bool NotTheRelease =>
        (witness.AboveAlone && !witness.Blamed) || (Mean.Sustained && Mean.StableSustained);

    public override string Describe(Verdict verdict)
    {
        if (!witness.Answering) return Subject + ": no data";
        if (Mean.LastCandidate is not { } mine) return Subject + ": not measured long enough yet";
        var limit = Gate.Rule is GateRule.Limit ? $" (limit {witness.ShowLimit})" : "";
        var against = Mean.LastStable is { } theirs && !witness.StableIsIdle
            ? $" against {witness.Show(theirs)}" + (witness.IsForAsMany ? " for as many requests" : "")
            : "";
        return $"{Subject} {witness.Show(mine)}{against}{limit}: " + verdict switch
        {
            Verdict.Fail when witness.AboveAlone => "out of its limit all the time",
            Verdict.Fail when Mean.AtLeast(Defaults.FalseAlarm) is { } least =>
                $"worse than stable by at least {witness.ShowDifference(least)}",
            Verdict.Fail => "worse than stable",
            Verdict.NotTheRelease when witness.NeverWell =>
                "out of its limit ever since the release began, so it is not the release",
            Verdict.NotTheRelease when witness.AboveAlone =>
                "out of the limit, and no control is left to tell whether it is the release",
            Verdict.NotTheRelease => "both sides are out of the limit, so it is not the release",
            _ when OverLimit => "out of its limit",
            _ when Harmless && Gate.Rule is GateRule.Limit => "within the limit",
            _ when Harmless => "worse by more than is tolerated is refuted",
            _ when witness.StableIsIdle && Gate.Rule is GateRule.Compare =>
                "stable has hardly any requests, so there is nothing to compare with",
            _ => "no harm shown, none ruled out",
        };
    }
}
