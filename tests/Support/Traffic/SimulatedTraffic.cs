using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>
/// A stable version and a candidate under one load, second by second, drawn from a seed. What strikes a second strikes
/// both sides; who gets a request, and whether it goes wrong, is chance.
/// </summary>
public sealed class SimulatedTraffic(int seed, Weather weather) : ITraffic
{
    const int Instances = 4;
    const double MedianMs = 60, Spread = .5;
    const double CrashesPerInstanceHour = .005;

    readonly Random _draw = new(seed);
    readonly Side _candidate = new(), _stable = new();
    readonly double[] _wander = new double[2], _given = new double[2];
    double _load, _mood, _strike, _strikes, _seconds;

    public bool IsSticky => weather.Sticky;

    public Sample Tick(double share)
    {
        _seconds++;
        _candidate.Clear();
        _stable.Clear();
        if (weather.Rough) Change();
        var load = weather.Rough ? Math.Exp(_load - .05) : 1;
        var mood = weather.Rough ? Math.Exp(_mood - .28) : 1;
        var users = Poisson(weather.RequestsPerSecond * load / (weather.Sticky ? 3 : 1));
        for (var i = 0; i < users; i++)
        {
            var mine = _draw.NextDouble() < share;
            var (side, rate) = mine ? (_candidate, weather.Bad ?? weather.Base) : (_stable, weather.Base);
            var bad = _draw.NextDouble() < Math.Min(.9, rate * mood + (_strike > 0 ? _strikes : 0));
            for (var asks = weather.Sticky ? 1 + _draw.Next(5) : 1; asks > 0; asks--) Answer(side, bad);
        }

        // The candidate has grown with its share; stable stays whole until it is over.
        var candidates = (int)Math.Ceiling(share * Instances);
        Level(candidates);
        return new(1, Show(_candidate, candidates), share < 1 ? Show(_stable, Instances) : null)
        {
            Share = weather.Sticky || share >= 1 ? null : share,
        };
    }

    void Change()
    {
        _load = .95 * _load + .1 * Normal();
        _mood = .98 * _mood + .15 * Normal();
        _strike--;
        if (_strike <= 0 && _draw.Next(300) == 0)
            (_strike, _strikes) = (1 + _draw.Next(10), .02 + .2 * _draw.NextDouble());
    }

    void Answer(Side side, bool bad)
    {
        if (!weather.Whole)
        {
            side.Count(bad, unanswered: false, milliseconds: null);
            return;
        }

        var unanswered = bad && _draw.Next(2) == 0;
        var ms = MedianMs * Math.Exp(Spread * Normal()) * (_strike > 0 ? 3 : 1) * Math.Exp(.2 * _load);
        side.Count(bad, unanswered, ms);
    }

    /// <summary>
    /// Cpu follows what an instance of a side is given, and so does half of what neighbouring seconds have in common;
    /// a quarter of it is used for nothing at all. All of stable takes a little less than half of the memory.
    /// </summary>
    void Level(int candidates)
    {
        var (sides, instances) = ((Side[])[_candidate, _stable], (int[])[candidates, Instances]);
        for (var i = 0; i < sides.Length; i++)
        {
            var given = sides[i].Requests / (double)instances[i] / (weather.RequestsPerSecond / Instances);
            _given[i] = .9 * _given[i] + .1 * given;
            _wander[i] = .95 * _wander[i] + .01 * Normal();
            sides[i].Cpu = Math.Max(0, .3 * _given[i] + .1 + _wander[i]);
            sides[i].Memory = (.4 + .05 * Math.Tanh(_seconds / 600) + .2 * _wander[i]) / Instances;
        }
    }

    FleetCounts Show(Side side, int instances)
    {
        if (!weather.Whole) return side.Answers();
        side.Restarts = Poisson(instances * CrashesPerInstanceHour / 3600);
        return side.Whole(instances);
    }

    double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _draw.NextDouble())) * Math.Cos(2 * Math.PI * _draw.NextDouble());

    int Poisson(double mean)
    {
        if (mean > 30) return (int)Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * Normal()));
        var (limit, product, k) = (Math.Exp(-mean), _draw.NextDouble(), 0);
        for (; product > limit; k++) product *= _draw.NextDouble();
        return k;
    }
}
