using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>A gate on counts: what its evidence says about the size of the harm.</summary>
abstract class CountFinding(GateSpec gate, CountWitness witness) : Finding(gate)
{
    protected CountWitness Witness { get; } = witness;

    public override bool NotTheRelease => Witness.Stream.Outage;

    /// <summary>Slow answers are answers, and what is counted elsewhere may be a part of them only.</summary>
    public override double OutageSeconds => Witness.CountsErrors ? Witness.Stream.OutageSeconds : 0;

    public override string Describe(Verdict verdict)
    {
        var total = OutageSeconds > 0 ? Witness.Stream.Failing : Witness.Total;
        if (total.Candidate == 0)
            return Subject + (Witness.OnlyUnderWay > 0
                ? $": {Words.Count(Witness.OnlyUnderWay)} under way, none answered yet"
                : ": no traffic on the candidate yet");
        return (OutageSeconds > 0 ? Witness.Outage(this) : Witness.Counted(this)) + ": " + verdict switch
        {
            Verdict.Fail => Harm(total),
            _ when Witness.Stream.Outage || OutageSeconds > 0 =>
                "the service fails as a whole, and no control is left to tell whether it is the release",
            Verdict.NotTheRelease => "both sides are " + OverLimitNow + ", so it is not the release",
            _ when OverLimit => OverLimitNow,
            Verdict.NoHarm => Refuted,
            _ when Harmless => Refuted,
            _ => "no harm shown, none ruled out",
        };
    }

    protected abstract string OverLimitNow { get; }
    protected abstract string Refuted { get; }

    string Harm(in Counts total)
    {
        if (Witness.Stream.Alone) return Alone(total);
        if ((Witness as LatencyWitness)?.Slower is { } slower) return slower;
        if (Witness.Exact && Effect.AtLeast(Witness.Steps, Witness.Stream.FalseAlarm) is >= 1.05 and var least)
            return $"at least {Words.AtLeast(least)} times worse";
        var (mine, theirs) = (total.CandidateBad / total.Candidate, total.StableBad / Math.Max(1, total.Stable));
        return theirs > 0 && mine > theirs * 1.05 ? $"about {Words.Number(mine / theirs)} times as many" : "worse";
    }

    string Alone(in Counts total)
    {
        const string noControl = "without a control to compare with";
        var low = Witness.Exact
            ? RateInterval.Of(total.CandidateBad, total.Candidate, Witness.Stream.FalseAlarm).Low
            : 0;
        return low > Witness.Stream.LimitAlone
            ? $"more than {Words.Percent(low)} for certain, {noControl}"
            : $"too many, {noControl}";
    }
}

sealed class CompareFinding(GateSpec gate, CountWitness witness, Margin margin) : CountFinding(gate, witness)
{
    readonly Tolerated _part = witness.Stream.Compare(margin);

    public override double E => Witness.Stream.E(_part);
    public override bool Harmless => !Witness.Stream.Alone && _part.Harmless;
    protected override string OverLimitNow => "bad";
    protected override string Refuted => margin.SafeRatio == 1
        ? $"worse by {Words.Points(margin.SafePoints)} is refuted"
        : $"{Words.Number(margin.SafeRatio)} times as bad is refuted";
}

sealed class LimitFinding(GateSpec gate, CountWitness witness, double limit) : CountFinding(gate, witness)
{
    readonly Ceiling _part = witness.Stream.Limit(limit);
    readonly Breach _candidate = new(limit);
    readonly Breach _stable = new(limit);
    readonly Recent _recent = new(gate.Window.TotalSeconds);
    readonly Recent _recentStable = new(gate.Window.TotalSeconds);

    public override double E
    {
        get
        {
            var e = Witness.Stream.E(_part);
            return _candidate.Since < Gate.For.TotalSeconds ? Math.Min(e, 1) : e;
        }
    }

    public override bool Harmless => _part.Harmless && !OverLimit;
    public override bool NotTheRelease => (_candidate.On && _stable.On) || base.NotTheRelease;
    protected override string OverLimitNow => "over the limit";

    /// <summary>Clearly so, since a few bad answers are chance; and not when stable is over the limit too.</summary>
    public override bool OverLimit
    {
        get
        {
            var allowed = limit * _recent.All;
            return _recent.Bad > allowed + 2 * Math.Sqrt(allowed) + 1 && _recentStable.Bad <= limit * _recentStable.All;
        }
    }

    protected override string Refuted => $"within the limit ({Words.Percent(limit)})";

    public void Tick(double seconds, in Counts x, double over)
    {
        _candidate.Tick(seconds, over, x.Candidate);
        _stable.Tick(seconds, x.StableBad, x.Stable);
        _recent.Tick(seconds, over, x.Candidate);
        _recentStable.Tick(seconds, x.StableBad, x.Stable);
    }

    public void Raise()
    {
        _recent.Clear();
        _recentStable.Clear();
    }

    public void Save(Tape tape)
    {
        _candidate.Save(tape);
        _stable.Save(tape);
        _recent.Save(tape);
        _recentStable.Save(tape);
    }

    public void Load(Tape tape)
    {
        _candidate.Load(tape);
        _stable.Load(tape);
        _recent.Load(tape);
        _recentStable.Load(tape);
    }
}
