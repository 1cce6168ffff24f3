using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Watches instances that end by themselves. Compared: more crashes than stable's own crash rate would ever reach in
/// such a release. Limited: more than the gate allows, a plain rule.
/// </summary>
sealed class RestartWitness : Witness
{
    double _crashes, _stableCrashes, _learnedCrashes, _stableHours, _hours;
    double _stepCrashes;
    int _instances;

    public RestartWitness(GateSpec gate, double falseAlarm)
    {
        FalseAlarm = falseAlarm;
        Add(new RestartFinding(gate, this));
    }

    public double FalseAlarm { get; }
    public double Crashes => _crashes;
    public double StableCrashes => _stableCrashes;
    public bool CalmStep => _stepCrashes == 0;

    /// <summary>
    /// Level of the test: strict enough that its evidence, weighed with the other streams', decides alone.
    /// </summary>
    double Level => Math.Min(Chance.CrashLevel, FalseAlarm * (Weight > 0 ? Weight : .1));

    /// <summary>All or nothing: 1/level with chance ≤ level, so its expectation is at most 1.</summary>
    public double CompareE => _crashes > 0 && _crashes >= Needed ? 1 / Level : 0;

    /// <summary>
    /// The test looks once, at a horizon: one hour of the instances, or as many hours, doubled, as the release has
    /// taken; each doubling at half the level, so that all of them together keep it.
    /// </summary>
    public int Needed
    {
        get
        {
            var doublings = (int)Math.Ceiling(Math.Log2(Math.Max(1, _hours)));
            var exposure = Math.Max(1, _instances) * Math.ScaleB(1, doublings);
            var (seen, level) = (_stableCrashes + _learnedCrashes, Math.ScaleB(Level, -1 - doublings));
            var needed = Chance.CrashesNeeded(seen, _stableHours, exposure, level);
            // A day without a crash may be taken as known until there is one.
            return seen == 0 ? needed : Math.Max(needed, Chance.CrashesForetold(seen, _stableHours, exposure, level));
        }
    }

    protected override bool Watch(in Sample sample)
    {
        _crashes += sample.Candidate.Restarts;
        _stepCrashes += sample.Candidate.Restarts;
        _instances = Math.Max(_instances, sample.Candidate.Instances);
        _hours += sample.Seconds / 3600;
        if (sample.Stable is not { } stable) return true;
        _stableCrashes += stable.Restarts;
        _stableHours += stable.Instances * sample.Seconds / 3600;
        return true;
    }

    public override void Raise()
    {
        base.Raise();
        _stepCrashes = 0;
    }

    public override void Learn(double seconds, in FleetCounts stable)
    {
        _learnedCrashes += stable.Restarts;
        _stableHours += stable.Instances * seconds / 3600;
    }

    public override void Save(Tape tape)
    {
        base.Save(tape);
        tape.Write(_crashes, _stableCrashes);
        tape.Write(_learnedCrashes, _stableHours);
        tape.Write(_hours, _stepCrashes);
        tape.Write(_instances);
    }

    public override void Load(Tape tape)
    {
        base.Load(tape);
        (_crashes, _stableCrashes) = (tape.Read(), tape.Read());
        (_learnedCrashes, _stableHours) = (tape.Read(), tape.Read());
        (_hours, _stepCrashes) = (tape.Read(), tape.Read());
        _instances = (int)tape.Read();
    }
}

sealed class RestartFinding(GateSpec gate, RestartWitness witness) : Finding(gate)
{
    double? Most => (Gate.Rule as GateRule.Limit)?.Max;
    bool TooMany => witness.Crashes > Most;

    public override double E => Gate.Rule is GateRule.Compare ? witness.CompareE
        : TooMany && !NotTheRelease ? Levels.Certain : 1;

    public override bool Harmless => witness.CalmStep;
    public override bool NotTheRelease => TooMany && witness.StableCrashes > Most;

    public override string Describe(Verdict verdict)
    {
        var counted = $"{Subject} {Words.Count(witness.Crashes)} against {Words.Count(witness.StableCrashes)}";
        return counted + verdict switch
        {
            Verdict.Fail when Most is { } most => $": more than {Words.Count(most)}",
            Verdict.Fail => $": stable's own rate would hardly ever reach {Words.Count(witness.Needed)}",
            Verdict.NotTheRelease => ": both sides crash, so it is not the release",
            _ => witness.CalmStep ? ": none in this step" : ": too few to mean harm",
        };
    }
}
