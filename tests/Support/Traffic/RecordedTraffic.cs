using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>
/// A recording in a new order, minute by minute, with its users dealt to two versions that are the same: what came
/// together in the recording comes together here.
/// </summary>
public sealed class RecordedTraffic(Recording recording, int seed, bool sticky) : ITraffic
{
    const int Block = 60, Candidates = 1, Stables = 4, Recorded = 2;

    /// <summary>The part of an instance's cpu that it uses whatever it is given.</summary>
    const double Idle = .25;

    readonly Random _draw = new(seed);
    readonly bool _swapped = seed % 2 == 0;
    readonly Side _candidate = new(), _stable = new();
    readonly Dictionary<int, double> _places = [];
    int _at, _left;

    public bool IsSticky => sticky;

    public Sample Tick(double share)
    {
        if (_left-- == 0) Turn();
        var second = recording.Seconds[_at++ % recording.Seconds.Count];
        _candidate.Clear();
        _stable.Clear();
        foreach (var answer in second.Answers)
            (PlaceOf(answer.User) < share ? _candidate : _stable)
                .Count(answer.IsBad, answer.IsNone, answer.Microseconds / 1000.0);
        for (var i = 0; i < second.Crashes; i++)
            (_draw.Next(Candidates + Stables) < Candidates ? _candidate : _stable).Restarts++;
        var each = second.Answers.Count / (double)Recorded;
        Level(_candidate, _swapped ? second.Other : second.One, _candidate.Requests / (Candidates * each));
        Level(_stable, _swapped ? second.One : second.Other, _stable.Requests / (Stables * each));
        return new(1, _candidate.Whole(Candidates), share < 1 ? _stable.Whole(Stables) : null)
        {
            Share = sticky || share >= 1 ? null : share,
        };
    }

    /// <summary>Elsewhere in the recording, with users who are others.</summary>
    void Turn()
    {
        (_at, _left) = (_draw.Next(recording.Seconds.Count), Block - 1);
        _places.Clear();
    }

    /// <summary>Where a user stands between 0 and 1: below the share they are the candidate's.</summary>
    double PlaceOf(int user)
    {
        if (!sticky) return _draw.NextDouble();
        if (!_places.TryGetValue(user, out var place)) _places[user] = place = _draw.NextDouble();
        return place;
    }

    /// <param name="given">Requests, beside those that the instance had while it was recorded.</param>
    static void Level(Side side, Recording.Level level, double given)
    {
        side.Cpu = level.Cpu / 100 * (double.IsFinite(given) ? Idle + (1 - Idle) * given : 1);
        side.Memory = level.Memory / 100;
    }
}
