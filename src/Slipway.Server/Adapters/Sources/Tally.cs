using Slipway.Gates;

namespace Slipway.Adapters.Sources;

/// <summary>
/// Totals that only grow, made of counters that may be set back: an instance that starts anew takes its counts with it.
/// What came in between is then nobody's evidence.
/// </summary>
sealed class Tally
{
    EventCount? _last;
    double _owed;

    public EventCount Total { get; private set; }

    public void Add(EventCount now)
    {
        if (_last is { } before && now.All >= before.All && now.Bad >= before.Bad)
        {
            // Two questions are answered a moment apart: a bad event may be heard of before it is counted among all.
            var all = now.All - before.All;
            _owed += now.Bad - before.Bad;
            var bad = Math.Min(_owed, all);
            _owed -= bad;
            Total = new(Total.Bad + bad, Total.All + all);
        }
        else
        {
            _owed = 0;
        }

        _last = now;
    }
}
