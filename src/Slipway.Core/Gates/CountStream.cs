namespace Slipway.Gates;

/// <summary>How a stream of counts is judged.</summary>
sealed record StreamTerms
{
    /// <summary>
    /// Each tick by itself: only where the router draws every request, or each user counts once. Everything else
    /// (latency, sticky users, correlated failures) is grouped in blocks, or a burst would look like many independent
    /// witnesses.
    /// </summary>
    public bool Exact { get; init; } = true;
    public double FalseAlarm { get; init; } = Specification.Defaults.FalseAlarm;

    public double ToleranceAlarm { get; init; } = Levels.ToleranceAlarm;

    /// <summary>The stream's part of the release's evidence.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What is allowed while there is no control, besides twice stable's last rate.</summary>
    public double LimitAlone { get; init; } = Levels.LimitAlone;

    /// <summary>
    /// What comes in waves, as slow answers do: without a control, what was stable's worst minute is allowed.
    /// </summary>
    public bool Wavy { get; init; }

    public double Cap => Exact ? double.PositiveInfinity : Levels.Cap;
}

/// <summary>
/// One kind of bad event (errors, slower than x, timeouts), judged against stable and against limits. Whatever limits
/// are set and whoever breaks them, no evidence exceeds that of "not worse than stable": an identical candidate
/// reaches 1/α with chance ≤ α.
/// </summary>
sealed class CountStream(StreamTerms terms)
{
    readonly List<Tolerated> _compared = [];
    readonly List<Ceiling> _limited = [];
    readonly FairShare _share = new();
    Account _equal = new(new(Bets.Harm) { Cap = terms.Cap });
    Account? _alone;
    readonly WorstMinute _worst = new();
    Counts _block;
    double _blockOver;
    double _bad, _all, _aloneSeconds;
    double _limitAlone;
    Counts _failing;
    double _failingSeconds;
    int _outageBlocks;
    bool _blamed;

    public bool Exact => terms.Exact;
    public double FalseAlarm => terms.FalseAlarm;
    public double LimitAlone => terms.LimitAlone;
    public bool Alone => _alone is not null;

    /// <summary>
    /// The service fails as a whole, long after the last control left: no evidence, but nothing to go on with.
    /// </summary>
    public bool Outage => OutageSeconds > 0 && !_blamed;

    /// <summary>For how long the service has failed as a whole without a control, whoever is blamed for it.</summary>
    public double OutageSeconds => _outageBlocks >= 2 ? _failingSeconds : 0;

    /// <summary>What was counted in that time.</summary>
    public Counts Failing => _failing;

    /// <summary>Seconds of the open block; a threshold may only move when it is 0.</summary>
    public double Open { get; private set; }

    /// <summary>Stable's rate, from the past; a little above 0 when it never failed.</summary>
    public double Rate => (_bad + .5) / (_all + 500);

    public Tolerated Compare(Margin margin)
    {
        var part = new Tolerated(margin, terms);
        _compared.Add(part);
        return part;
    }

    public Ceiling Limit(double limit)
    {
        var part = new Ceiling(limit, terms);
        _limited.Add(part);
        return part;
    }

    /// <summary>What stable did before the release: it sharpens the stakes, nothing more.</summary>
    public void Learn(double bad, double all) => (_bad, _all) = (_bad + bad, _all + all);

    public double E(Tolerated part) => _alone?.E ?? Math.Min(_equal.E, part.E);

    public double E(Ceiling part) => _alone?.E ?? Math.Min(_equal.E, part.Over.E);

    /// <summary>"Not worse than stable" by itself; without a control, "within the limit".</summary>
    public double Equal => _alone?.E ?? _equal.E;

    /// <summary>A weight was raised: flush the open block, put more money on the table, prove safety anew.</summary>
    public void Raise()
    {
        Flush();
        _equal.Raise();
        foreach (var part in _compared) part.Raise();
        foreach (var part in _limited) part.Raise();
    }

    public void Tick(double seconds, in Counts x) => Tick(seconds, x, x.CandidateBad);

    /// <param name="over">
    /// The candidate's bad as limited, where that differs from its bad as compared: a latency limit counts above the
    /// limit, but compares above 1.2 times the limit.
    /// </param>
    /// <param name="share">The candidate's share by the route table, see <see cref="Sample.Share"/>.</param>
    public void Tick(double seconds, in Counts x, double over, double? share = null)
    {
        if (terms.Exact && _share.Of(x, share) is var (harm, safe))
        {
            Flush();
            Compare(seconds, x, harm, safe);
            Limit(seconds, x, over);
            return;
        }

        Open += seconds;
        _block += x;
        _blockOver += over;
        if ((terms.Exact && _block.Stable > 0) || Open >= Levels.Block) Flush();
    }

    void Flush()
    {
        var (seconds, x, over) = (Open, _block, _blockOver);
        (Open, _block, _blockOver) = (0, default, 0);
        if (seconds == 0) return;

        if (x.Stable > 0) Compare(seconds, x, x, x);
        else if (x.Candidate > 0) JudgeAlone(seconds, x, over);
        Limit(seconds, x, over);
    }

    void Limit(double seconds, in Counts x, double over)
    {
        var limited = new Counts(over, 0, x.Candidate, 0);
        foreach (var part in _limited) part.Tick(seconds, limited);
    }

    void Compare(double seconds, in Counts x, in Counts harm, in Counts safe)
    {
        if (_alone is not null)
        {
            // Control is back: go on with the money that is left, never with more than there was.
            _equal = new(new(Bets.Harm) { Cap = terms.Cap }, Math.Min(1, _alone.E));
            (_alone, _aloneSeconds, _outageBlocks) = (null, 0, 0);
            (_failing, _failingSeconds) = (default, 0);
        }
        var rate = Rate;
        _worst.Tick(seconds, x);
        _equal.Tick(seconds, harm, rate);
        foreach (var part in _compared) part.Tick(seconds, harm, safe, rate);
        var keep = Math.Exp(-seconds / Levels.Memory);
        (_bad, _all) = (_bad * keep + x.StableBad, _all * keep + x.Stable);
    }

    void JudgeAlone(double seconds, in Counts x, double over)
    {
        _alone ??= NewAlone(Math.Min(1, _equal.E),
            Math.Max(Math.Max(terms.LimitAlone, 2 * Rate), terms.Wavy ? _worst.Rate : 0));
        _aloneSeconds += seconds;
        // Half of all answers are slower than their median: that is no outage.
        var outage = over >= Math.Max(Levels.Outage, Math.Min(1, _limitAlone)) * x.Candidate;
        if (outage && _outageBlocks == 0) _blamed = _aloneSeconds <= Levels.OutageBlame;
        _outageBlocks = outage ? _outageBlocks + 1 : 0;
        var failing = new Counts(over, 0, x.Candidate, 0);
        (_failing, _failingSeconds) = outage ? (_failing + failing, _failingSeconds + seconds) : (default, 0);

        // A block that is left out pays 1 where it would have paid more: the evidence can only become smaller.
        if (!outage || _blamed) _alone.Tick(seconds, new(over, 0, x.Candidate, 0), 0);
    }

    Account NewAlone(double wealth, double limit)
    {
        _limitAlone = limit;
        return new(new(Bets.Limit, 0, limit) { Cap = Levels.Cap }, wealth);
    }

    public void Save(Tape tape)
    {
        _share.Save(tape);
        _worst.Save(tape);
        tape.Write(_block);
        tape.Write(Open, _blockOver);
        tape.Write(_bad, _all);
        tape.Write(_aloneSeconds, _outageBlocks);
        tape.Write(_failing);
        tape.Write(_failingSeconds);
        tape.Write(_blamed ? 1 : 0, _alone is null ? 0 : _limitAlone);
        _alone?.Save(tape);
        _equal.Save(tape);
        foreach (var part in _compared) part.Save(tape);
        foreach (var part in _limited) part.Save(tape);
    }

    public void Load(Tape tape)
    {
        _share.Load(tape);
        _worst.Load(tape);
        _block = tape.ReadCounts();
        (Open, _blockOver) = (tape.Read(), tape.Read());
        (_bad, _all) = (tape.Read(), tape.Read());
        (_aloneSeconds, _outageBlocks) = (tape.Read(), (int)tape.Read());
        _failing = tape.ReadCounts();
        _failingSeconds = tape.Read();
        _blamed = tape.Read() > 0;
        _alone = tape.Read() is > 0 and var limit ? NewAlone(1, limit) : null;
        _alone?.Load(tape);
        _equal.Load(tape);
        foreach (var part in _compared) part.Load(tape);
        foreach (var part in _limited) part.Load(tape);
    }
}
