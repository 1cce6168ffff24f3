namespace Slipway.Gates;

/// <summary>
/// The largest rate of bad answers that stable has shown over a minute with enough requests to say so.
/// </summary>
sealed class WorstMinute
{
    const double Minute = 60, Enough = 500;

    double _seconds, _bad, _all;

    public double Rate { get; private set; }

    public void Tick(double seconds, in Counts x)
    {
        (_seconds, _bad, _all) = (_seconds + seconds, _bad + x.StableBad, _all + x.Stable);
        if (_seconds < Minute || _all < Enough) return;
        Rate = Math.Max(Rate, _bad / _all);
        (_seconds, _bad, _all) = (0, 0, 0);
    }

    public void Save(Tape tape)
    {
        tape.Write(_seconds, Rate);
        tape.Write(_bad, _all);
    }

    public void Load(Tape tape)
    {
        (_seconds, Rate) = (tape.Read(), tape.Read());
        (_bad, _all) = (tape.Read(), tape.Read());
    }
}
