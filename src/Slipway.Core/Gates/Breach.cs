namespace Slipway.Gates;

/// <summary>
/// Whether one side is over a limit now: a sum of log-likelihood ratios ("twice the limit" to "at the limit") that
/// never falls below 0, so it forgets good times, and never rises far, so it forgets bad ones. It decides about a
/// pause or about "for 60 s", never about guilt.
/// </summary>
sealed class Breach(double limit)
{
    static readonly double Enough = Math.Log(100);
    static readonly double Step = Math.Log(Levels.Cap);

    double _sum, _open, _bad, _all;

    public bool On => _sum >= Enough;

    /// <summary>Seconds since the side was last surely within the limit; 0 while it is not over it.</summary>
    public double Since { get; private set; }

    public void Tick(double seconds, double bad, double all)
    {
        _open += seconds;
        (_bad, _all) = (_bad + bad, _all + all);
        if (_open < Levels.Block) return;

        var gain = Math.Clamp(_bad * Math.Log(2) - _all * limit, -Step, Step);
        _sum = Math.Clamp(_sum + gain, 0, 2 * Enough);
        Since = _sum > 0 ? Since + _open : 0;
        (_open, _bad, _all) = (0, 0, 0);
    }

    public void Save(Tape tape)
    {
        tape.Write(_sum, _open);
        tape.Write(_bad, _all);
        tape.Write(Since);
    }

    public void Load(Tape tape)
    {
        (_sum, _open) = (tape.Read(), tape.Read());
        (_bad, _all) = (tape.Read(), tape.Read());
        Since = tape.Read();
    }
}
