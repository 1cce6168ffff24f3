namespace Slipway.Gates;

/// <summary>
/// The terms of an <see cref="Account"/>: which bets, against the hypothesis rate_c ≤ Ratio·rate_s + Points.
/// </summary>
sealed record Terms(Bets Bets, double Ratio = 1, double Points = 0)
{
    /// <summary>Part of the money on the table at once. The rest is for regressions that begin later.</summary>
    public double Start { get; init; } = .7;

    /// <summary>Seconds after which about half of the cash has dripped onto the table.</summary>
    public double Drip { get; init; } = 300;

    /// <summary>
    /// What one tick may multiply a bet by, at most: clumped events must not look like many independent ones.
    /// </summary>
    public double Cap { get; init; } = double.PositiveInfinity;
}

/// <summary>
/// Money: cash, and one heap per bet. Cash + heaps cannot grow in expectation while the hypothesis holds, so it is an
/// e-process; moving money between them keeps that. Hence no restart and no splitting of the error chance per step.
/// </summary>
sealed class Account
{
    const double RaiseShare = .4;
    const double LargestLog = 300;

    readonly Terms _terms;
    readonly double[] _heaps;
    double _cash;
    double _seconds;

    public Account(Terms terms, double wealth = 1)
    {
        _terms = terms;
        _heaps = new double[terms.Bets.Ratios.Length];
        _cash = wealth * (1 - terms.Start);
        for (var j = 0; j < _heaps.Length; j++) _heaps[j] = wealth * terms.Start * terms.Bets.Shares[j];
        Count();
    }

    public double E { get; private set; }

    /// <summary>
    /// The weight was raised: more of the cash goes on the table, since regressions love to begin here.
    /// </summary>
    public void Raise() => Invest(RaiseShare);

    public double Tick(double seconds, in Counts x, double rate)
    {
        _seconds += seconds;
        Invest(Math.Min(1, seconds / (_seconds + _terms.Drip)));
        var most = double.IsInfinity(_terms.Cap) ? LargestLog : Math.Log(CapOf(_terms.Cap, x));
        var ratios = _terms.Bets.Ratios;
        for (var j = 0; j < _heaps.Length; j++)
        {
            var stake = Stake.Of(ratios[j], rate, _terms.Ratio, _terms.Points, x.Candidate, x.Stable);
            var log = Math.Min(Stake.LogFactor(stake, x, _terms.Ratio, _terms.Points), most);
            if (log != 0) _heaps[j] = Math.Min(_heaps[j] * Math.Exp(log), Evidence.Most);
        }
        Count();
        return E;
    }

    /// <summary>
    /// An incident of one instance strikes the candidate with the candidate's share of the service: such a block may
    /// not pay more than 1/share.
    /// </summary>
    internal static double CapOf(double cap, in Counts x) => x.Stable <= 0 || x.Candidate <= 0
        ? cap
        : Math.Min(cap, Math.Max(1.5, (x.Candidate + x.Stable) / x.Candidate));

    void Invest(double share)
    {
        var paid = _cash * share;
        _cash *= 1 - share;
        for (var j = 0; j < _heaps.Length; j++) _heaps[j] += paid * _terms.Bets.Shares[j];
        Count();
    }

    void Count()
    {
        var sum = 0.0;
        foreach (var heap in _heaps) sum += heap;
        E = _cash + sum;
    }

    public void Save(Tape tape)
    {
        tape.Write(_seconds, _cash);
        foreach (var heap in _heaps) tape.Write(heap);
    }

    public void Load(Tape tape)
    {
        _seconds = tape.Read();
        _cash = tape.Read();
        for (var j = 0; j < _heaps.Length; j++) _heaps[j] = tape.Read();
        Count();
    }
}
