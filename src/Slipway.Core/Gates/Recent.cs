namespace Slipway.Gates;

/// <summary>
/// What the candidate itself has shown in the last window of this step, without statistics: enough to hold a step that
/// would end out of its limit, never enough to blame anybody.
/// </summary>
sealed class Recent(double window)
{
    const int Blocks = 12;

    readonly double[] _bad = new double[Blocks];
    readonly double[] _all = new double[Blocks];
    double _open, _openBad, _openAll;
    int _next;

    public double Bad { get; private set; }
    public double All { get; private set; }

    public void Tick(double seconds, double bad, double all)
    {
        _open += seconds;
        (_openBad, _openAll) = (_openBad + bad, _openAll + all);
        if (_open >= window / Blocks) Close();
        Sum();
    }

    /// <summary>What speaks for several blocks at once fills all of them.</summary>
    void Close()
    {
        var blocks = Math.Clamp((int)(_open * Blocks / window), 1, Blocks);
        for (var i = 0; i < blocks; i++)
        {
            (_bad[_next], _all[_next]) = (_openBad / blocks, _openAll / blocks);
            _next = (_next + 1) % Blocks;
        }

        (_open, _openBad, _openAll) = (0, 0, 0);
    }

    /// <summary>Another step begins.</summary>
    public void Clear()
    {
        Array.Clear(_bad);
        Array.Clear(_all);
        (_open, _openBad, _openAll) = (0, 0, 0);
        Sum();
    }

    void Sum()
    {
        (Bad, All) = (_openBad, _openAll);
        for (var i = 0; i < Blocks; i++) (Bad, All) = (Bad + _bad[i], All + _all[i]);
    }

    public void Save(Tape tape)
    {
        tape.Write(_open, _next);
        tape.Write(_openBad, _openAll);
        for (var i = 0; i < Blocks; i++) tape.Write(_bad[i], _all[i]);
    }

    public void Load(Tape tape)
    {
        (_open, _next) = (tape.Read(), (int)tape.Read());
        (_openBad, _openAll) = (tape.Read(), tape.Read());
        for (var i = 0; i < Blocks; i++) (_bad[i], _all[i]) = (tape.Read(), tape.Read());
        Sum();
    }
}
