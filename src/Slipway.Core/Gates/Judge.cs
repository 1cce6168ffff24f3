using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Judges a release by its gates, tick by tick, with one chance of a false alarm for all of them and for its whole
/// length. Pure: it is told what happened, and how many seconds that took.
/// </summary>
public sealed class Judge
{
    /// <summary>Raised when the layout of a state changes: an older one is then not read.</summary>
    const int Layout = 5;
    const double LeastSeconds = .001;

    readonly double _falseAlarm;
    readonly int _minRequests;
    readonly List<Witness> _witnesses;
    readonly double[] _es, _weights;
    readonly List<Finding> _findings;
    readonly int _advisory;
    readonly SplitCheck _split = new();
    readonly LatencyMemory _stable = new();
    readonly LatencyMemory _candidate = new();
    readonly bool _latency;
    readonly double _shape;
    double _secondsInStep;

    /// <param name="exact">
    /// The router draws every request by itself. With affinity (sticky users) it doesn't: errors then come in clumps.
    /// </param>
    public Judge(Seq<GateSpec> gates, double falseAlarm = Defaults.FalseAlarm, bool exact = true)
    {
        _falseAlarm = Math.Clamp(falseAlarm, 1e-6, .5);
        _witnesses = Witnesses.Of(gates, new() { Exact = exact, FalseAlarm = _falseAlarm }, _stable, _candidate);
        (_es, _weights) = (new double[_witnesses.Count], new double[_witnesses.Count]);
        var byGate = _witnesses.SelectMany(witness => witness.Findings).ToList();
        _findings = [.. gates.Select(gate => byGate.First(finding => ReferenceEquals(finding.Gate, gate)))];
        _advisory = _witnesses.Sum(witness => witness.Findings.Count(finding => !finding.Acts));
        _latency = _witnesses.Exists(witness => witness is LatencyWitness);
        _minRequests = gates.Select(gate => gate.MinRequests).DefaultIfEmpty(Defaults.MinRequests).Max();
        _shape = ShapeOf(gates, exact);
    }

    /// <summary>Requests that the candidate answered since the weight was last raised.</summary>
    public long RequestsInStep { get; private set; }

    /// <summary>Evidence against the release as a whole: it turns back at 1/falseAlarm.</summary>
    public double E { get; private set; } = 1;

    /// <summary>Every metric that a gate needs is being measured.</summary>
    public bool Answering => _witnesses.TrueForAll(witness => witness.Answering);

    /// <summary>What acts has measured a few times since the weight was last raised.</summary>
    public bool Measured => _witnesses.TrueForAll(witness => witness.Measured || !witness.Acts);

    /// <summary>Harm is refuted by every gate that acts, since the weight was last raised.</summary>
    public bool IsHarmless =>
        _findings.Exists(finding => finding.Acts) && _findings.TrueForAll(finding => !finding.Acts || finding.Harmless);

    public Verdict Verdict
    {
        get
        {
            if (_findings.Exists(finding => finding is { Acts: true, FailedAfter: not null })) return Verdict.Fail;
            if (_split.IsWrong) return Verdict.WrongSplit;
            if (_findings.Exists(finding => finding is { Acts: true, NotTheRelease: true }))
                return Verdict.NotTheRelease;
            return IsHarmless && Answering && RequestsInStep >= _minRequests ? Verdict.NoHarm : Verdict.Undecided;
        }
    }

    /// <summary>What each gate says; a split of the traffic that is wrong speaks up among them.</summary>
    public Seq<Reading> Readings => _split.IsWrong
        ? [.. _findings.Select(Read), _split.Reading]
        : _findings.Select(Read).ToSeq();

    /// <summary>What stable did before the release. It sharpens the first seconds; nothing is judged by it.</summary>
    public void Learn(double seconds, FleetCounts stable)
    {
        if (_latency && stable.Latency is { } latency) _stable.Learn(seconds, latency);
        foreach (var witness in _witnesses) witness.Learn(seconds, stable);
    }

    /// <summary>
    /// One look. A gap (nobody looked for a while) is simply no tick: it costs power and never validity.
    /// </summary>
    public void Tick(in Sample seen)
    {
        // Counts without time would be lost in a stream that measures by the second.
        var sample = seen.Seconds > 0 ? seen : seen with { Seconds = LeastSeconds };
        _secondsInStep += sample.Seconds;
        RequestsInStep += sample.Candidate.Requests;
        _split.Tick(sample);
        foreach (var witness in _witnesses) witness.Tick(sample);
        foreach (var finding in _findings) finding.Elapsed(sample.Seconds);
        if (_latency)
        {
            // After the witnesses: a threshold may depend on the past only.
            if (sample.Stable?.Latency is { } stable) _stable.Add(sample.Seconds, stable);
            if (sample.Candidate.Latency is { } candidate) _candidate.Add(sample.Seconds, candidate);
        }
        Decide();
    }

    /// <summary>The weight was raised: more money on the table, and harmlessness is to be proven anew.</summary>
    public void Raise()
    {
        foreach (var witness in _witnesses) witness.Raise();
        (_secondsInStep, RequestsInStep) = (0, 0);
    }

    void Decide()
    {
        for (var i = 0; i < _witnesses.Count; i++)
            (_es[i], _weights[i]) = (_witnesses[i].E, _witnesses[i].Weight);
        E = Evidence.Combine(_es, _weights);
        if (E >= 1 / _falseAlarm) Name();
        if (_advisory == 0) return;

        // Gates that only speak share a chance of their own: they may not make those that act less sure.
        foreach (var finding in _findings)
            if (!finding.Acts && finding.E >= _advisory / _falseAlarm) Fail(finding);
    }

    /// <summary>The release has failed: which gates to name. There is always one, the one with most evidence.</summary>
    void Name()
    {
        if (_findings.Exists(finding => finding is { Acts: true, FailedAfter: not null })) return;
        var acting = _witnesses.Where(witness => witness.Acts).ToList();
        double[] es = [.. acting.Select(witness => witness.E * witness.Weight * acting.Count)];
        var named = Evidence.Named(es, _falseAlarm).Select(i => acting[i]).ToList();
        if (named.Count == 0) named = [acting.MaxBy(witness => witness.E * witness.Weight)!];
        foreach (var witness in named)
            foreach (var finding in witness.Findings.Where(finding => finding.Acts && finding.E >= witness.E / 2))
                Fail(finding);
    }

    void Fail(Finding finding)
    {
        if (finding.FailedAfter is not null) return;
        finding.FailedAfter = _secondsInStep;
        finding.Failure = Describe(finding, _secondsInStep);
    }

    static string Describe(Finding finding, double after) =>
        $"{finding.Describe(Verdict.Fail)}, decided after {Words.Duration(after)}";

    Reading Read(Finding finding)
    {
        var witness = _witnesses.Find(witness => witness.Findings.Contains(finding))!;
        var enough = RequestsInStep >= finding.Gate.MinRequests && witness.Answering;
        var verdict = finding.FailedAfter is not null ? Verdict.Fail
            : finding.NotTheRelease ? Verdict.NotTheRelease
            : finding.Harmless && enough ? Verdict.NoHarm
            : Verdict.Undecided;
        var words = finding.Failure
            ?? (witness.Answering ? finding.Describe(verdict) : Silent(finding, witness));
        return new(finding.Gate.Name, verdict, words, finding.Harmless && witness.Answering, finding.Acts)
        {
            E = Evidence.Known(finding.E),
            EvidentFor = finding.EvidentFor,
            Severity = finding.Gate.Severity,
            DryRun = finding.Gate.DryRun,
            Answering = witness.Answering,
            OverLimit = finding.OverLimit,
            OutageSeconds = finding.OutageSeconds,
        };
    }

    static string Silent(Finding finding, Witness witness) => finding.Subject + ": no data from its source"
        + (witness.Trouble is { } why ? $": {why}" : "");

    public JudgeState Save()
    {
        var tape = new Tape();
        tape.Write(_shape);
        tape.Write(_secondsInStep, RequestsInStep);
        foreach (var finding in _findings) tape.Write(finding.FailedAfter ?? -1, finding.EvidentFor);
        foreach (var witness in _witnesses) witness.Save(tape);
        if (_latency)
        {
            _stable.Save(tape);
            _candidate.Save(tape);
        }
        return new(tape.Numbers);
    }

    /// <summary>
    /// Goes on from a state. One of other gates or of another program version can't be read: the judge then starts
    /// anew, which at most doubles the chance of a false alarm for this one release.
    /// </summary>
    public static Judge Restore(Seq<GateSpec> gates, double falseAlarm, bool exact, JudgeState state)
    {
        var judge = new Judge(gates, falseAlarm, exact);
        var tape = new Tape(state.Values);
        if (state.Values.Count > 0 && tape.Read() == judge._shape) judge.Load(tape);
        return judge;
    }

    void Load(Tape tape)
    {
        (_secondsInStep, RequestsInStep) = (tape.Read(), (long)tape.Read());
        foreach (var finding in _findings)
        {
            finding.FailedAfter = tape.Read() is >= 0 and var after ? after : null;
            finding.EvidentFor = tape.Read();
        }

        foreach (var witness in _witnesses) witness.Load(tape);
        if (_latency)
        {
            _stable.Load(tape);
            _candidate.Load(tape);
        }
        foreach (var finding in _findings)
            if (finding.FailedAfter is { } failed) finding.Failure = Describe(finding, failed);
        E = _witnesses.Sum(witness => witness.Weight * witness.E);
    }

    /// <summary>A number that differs when the gates do, small enough to be exact as a double.</summary>
    static double ShapeOf(Seq<GateSpec> gates, bool exact)
    {
        var hash = 2166136261u;
        foreach (var letter in $"{Layout} {exact} {gates}") hash = (hash ^ letter) * 16777619u;
        return hash;
    }
}
