namespace Slipway.Gates;

/// <summary>
/// What an instance of each side was given to do, lately and in this step. What a version uses follows from that, so
/// two sides are compared only as if both had been given the same.
/// </summary>
sealed class Workload
{
    /// <summary>With so many times less to do than the candidate, stable is no measure of it.</summary>
    const double Idle = 10;

    /// <summary>Requests that it takes to know.</summary>
    const double Enough = 20;

    /// <summary>Up to so many times what stable would use is no more than that.</summary>
    const double Alike = 1.2;

    double _seconds, _candidate, _stable, _used, _cost;

    public void Tick(in Sample sample)
    {
        var keep = Math.Exp(-sample.Seconds / Levels.MeanFor);
        _seconds = _seconds * keep + sample.Seconds;
        _candidate = _candidate * keep + Each(sample.Candidate);
        _stable = _stable * keep + (sample.Stable is { } stable ? Each(stable) : 0);
        _used = _used * keep + (sample.Stable?.Cpu ?? 0) * sample.Seconds;
        if (_stable >= Enough) _cost = _used / _stable;
    }

    static double Each(in FleetCounts fleet) => fleet.Requests / (double)Math.Max(1, fleet.Instances);

    /// <summary>The candidate works and stable does not: what stable shows is no measure any more.</summary>
    public bool StableIsIdle => _candidate >= Enough && _candidate > Idle * _stable;

    /// <summary>One side has clearly more to do than the other.</summary>
    public bool IsUneven => Ratio is < .9 or > 1.1;

    // One more on each side, so that the first requests of a step are not taken for what is usual.
    double Ratio => (_candidate + 1) / (_stable + 1);

    /// <summary>
    /// What stable would use if it had the candidate's requests: all of it follows them, or nothing does, or something
    /// in between, which nobody knows. So there are two answers: what is called worse is worse than the larger one, and
    /// what is called harmless is no worse than the smaller one.
    /// </summary>
    public (double Harm, double Safe) OfStable(double cpu) =>
        (Math.Max(cpu, cpu * Ratio), Math.Min(cpu, cpu * Ratio));

    /// <summary>By what stable's requests have cost as long as it had any, it would use as much now.</summary>
    public bool StableWouldUse(double cpu) => _seconds > 0 && cpu <= Alike * _cost * _candidate / _seconds;

    /// <summary>Another step gives each side another load; what a request costs stable stays.</summary>
    public void Raise() => (_seconds, _candidate, _stable, _used) = (0, 0, 0, 0);

    public void Save(Tape tape)
    {
        tape.Write(_seconds, _cost);
        tape.Write(_candidate, _stable);
        tape.Write(_used);
    }

    public void Load(Tape tape)
    {
        (_seconds, _cost) = (tape.Read(), tape.Read());
        (_candidate, _stable) = (tape.Read(), tape.Read());
        _used = tape.Read();
    }
}
