using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>
/// Is the traffic split as the route table says? What was sent counts, answered or not: a version that hangs has got
/// its share. Whatever else is measured means little while it is not. A wrong split is a fault of the way to the
/// versions and says nothing of them, so it pauses and never turns back.
/// </summary>
sealed class SplitCheck
{
    /// <summary>What it is called where gates are.</summary>
    public const string Name = "split";

    double _share, _settled, _seconds, _candidate, _stable;
    long _underWay, _stableUnderWay;
    bool _before;

    /// <summary>It is wrong now, or was until the window that is still open began.</summary>
    public bool IsWrong => _before || Refuted;

    public void Tick(in Sample sample)
    {
        var share = sample.Share ?? 0;
        var candidate = Sent(sample.Candidate, ref _underWay);
        var stable = Sent(sample.Stable ?? default, ref _stableUnderWay);
        if (share != _share) (_share, _settled, _before) = (share, 0, false);
        if (_settled == 0) Begin();
        _settled += sample.Seconds;

        // Who keeps a connection for long may still be sent by the table before.
        if (_share is <= 0 or >= 1 || _settled < Levels.SplitSettles || sample.Stable is null) return;
        _seconds += sample.Seconds;
        _candidate += candidate;
        _stable += stable;
        if (_seconds < Levels.SplitWindow) return;
        _before = Refuted;
        Begin();
    }

    static long Sent(in FleetCounts fleet, ref long underWay)
    {
        var sent = Math.Max(0, fleet.Requests + fleet.UnderWay - underWay);
        underWay = fleet.UnderWay;
        return sent;
    }

    public Reading Reading => new(Name, Verdict.WrongSplit,
        $"split {Words.Percent(Seen)} ({Words.Count(_candidate)} of {Words.Count(_candidate + _stable)}) "
        + $"where the route says {Words.Percent(_share)}: "
        + "the requests do not go where they should, which says nothing of the version")
    {
        E = Math.Exp(Math.Min(300, Log)),
        Severity = Severity.Fail,
    };

    double Seen => _candidate + _stable > 0 ? _candidate / (_candidate + _stable) : _share;

    double Log => Chance.LogSplit([_candidate, _stable], [_share, 1 - _share]);

    /// <summary>Proven, and large enough to matter: a router that rounds is not worth a pause.</summary>
    bool Refuted => _candidate + _stable > 0
        && Math.Abs(Seen - _share) >= Levels.SplitMatters * Math.Min(_share, 1 - _share)
        && Log >= Chance.SplitAlarm;

    void Begin() => (_seconds, _candidate, _stable) = (0, 0, 0);
}
