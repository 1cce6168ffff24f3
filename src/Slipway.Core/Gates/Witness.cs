using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// What watches one metric all through a release. Several gates may lean on one witness (a limit and a comparison of
/// the same errors): they then share its chance of a false alarm instead of splitting it.
/// </summary>
/// <param name="elsewhere">The name of the metric at another system, when it is not our own.</param>
abstract class Witness(string? elsewhere = null)
{
    // What nobody here counts may never have been heard of: no step ends before its source has spoken.
    double _silence = elsewhere is null ? 0 : Levels.Silence;
    double _warm, _warmUp;
    double _heard;
    long _answered, _underWay;

    public List<Finding> Findings { get; } = [];

    /// <summary>Its part of the release's evidence; 0 when none of its gates acts.</summary>
    public double Weight { get; set; }

    public bool Acts { get; private set; }
    public virtual bool CountsErrors => false;

    /// <summary>Evidence of the gates that act; "not worse than stable" bounds it, whatever they ask.</summary>
    public double E { get; private set; } = 1;

    public bool Answering => _silence < Levels.Silence;

    /// <summary>
    /// It has measured a few times in this step. Where nothing has come that could warm up, nothing is waited for.
    /// </summary>
    public bool Measured => _heard >= Fewest || (_warmUp > 0 && _warm == 0);

    /// <summary>Counts of our own come each second: what is needed of them is told in requests.</summary>
    protected virtual int Fewest => Elsewhere is null ? 0 : Levels.Measurements;

    /// <summary>Requests that the candidate has got, as long as it has answered none of them.</summary>
    public long OnlyUnderWay => _answered == 0 ? _underWay : 0;

    /// <summary>Why its source has no answer, in that source's words.</summary>
    public string? Trouble { get; private set; }

    protected string? Elsewhere => elsewhere;

    /// <summary>A number that sums can be made of.</summary>
    protected static bool IsValue(double value) => Math.Abs(value) <= Sample.LargestValue;

    protected void Add(Finding finding)
    {
        Findings.Add(finding);
        Acts |= finding.Acts;
        _warmUp = Math.Max(_warmUp, finding.Gate.WarmUp.TotalSeconds);
    }

    public void Tick(in Sample sample)
    {
        (_answered, _underWay) = (_answered + sample.Candidate.Requests, sample.Candidate.UnderWay);
        // Cold caches are no harm; what is broken outright is broken a little later too.
        if (_warm < _warmUp)
        {
            if (sample.Candidate.Requests > 0 || _warm > 0) _warm += sample.Seconds;
            return;
        }

        Listen(sample, Watch(sample));
        E = 0;
        foreach (var finding in Findings)
            if (finding.Acts) E = Math.Max(E, Evidence.Known(finding.E));
    }

    /// <summary>Who says that there is no answer is believed at once; who says nothing is given a while.</summary>
    void Listen(in Sample sample, bool heard)
    {
        var why = heard || elsewhere is null ? null : TroubleIn(sample);
        _silence = heard ? 0 : why is null ? _silence + sample.Seconds : Math.Max(_silence, Levels.Silence);
        Trouble = heard ? null : why ?? Trouble;
        if (heard) _heard++;
    }

    string? TroubleIn(in Sample sample)
    {
        foreach (var value in sample.Custom.AsSpan())
            if (string.Equals(value.Name, elsewhere, StringComparison.Ordinal)) return value.Why;
        return null;
    }

    /// <summary>False when the sample doesn't hold this metric.</summary>
    protected abstract bool Watch(in Sample sample);

    public virtual void Raise() => (_warm, _heard) = (0, 0);

    public virtual void Learn(double seconds, in FleetCounts stable) { }

    public virtual void Save(Tape tape)
    {
        tape.Write(_silence, E);
        tape.Write(_warm, _heard);
    }

    public virtual void Load(Tape tape)
    {
        (_silence, E) = (tape.Read(), tape.Read());
        (_warm, _heard) = (tape.Read(), tape.Read());
    }
}

/// <summary>One gate's view of a witness.</summary>
abstract class Finding(GateSpec gate)
{
    public GateSpec Gate { get; } = gate;
    public bool Acts => Gate is { Severity: Severity.Fail, DryRun: false };

    /// <summary>
    /// What its evidence begins with: in "errors 4.8 % against 0.1 %" the comparison is plain to see.
    /// </summary>
    public string Subject => Gate.Name.Replace(" compared", "", StringComparison.Ordinal);

    public abstract double E { get; }
    public abstract bool Harmless { get; }
    public abstract bool NotTheRelease { get; }

    /// <inheritdoc cref="Reading.OverLimit"/>
    public virtual bool OverLimit => false;

    /// <inheritdoc cref="Reading.OutageSeconds"/>
    public virtual double OutageSeconds => 0;

    /// <summary>Seconds of its step after which it failed; a failure is final.</summary>
    public double? FailedAfter { get; set; }

    /// <summary>Seconds since its evidence last spoke for the candidate, or for nothing.</summary>
    public double EvidentFor { get; set; }

    public void Elapsed(double seconds) => EvidentFor = E > 1 ? EvidentFor + seconds : 0;

    /// <summary>The evidence in words as it was when the gate failed.</summary>
    public string? Failure { get; set; }

    public abstract string Describe(Verdict verdict);
}
