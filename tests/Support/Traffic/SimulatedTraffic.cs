using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>
/// A stable version and a candidate under one load, second by second, drawn from a seed. What strikes a second strikes
/// both sides; who gets a request, and whether it goes wrong, is chance.
/// </summary>
public sealed class SimulatedTraffic(int seed, Weather weather)
{
    const double MedianMs = 60, Spread = .5;
    const double CrashesPerInstanceHour = .005;
    static readonly double LogGrowth = Math.Log(Histogram.Growth);

    readonly Random _draw = new(seed);
    readonly Side _candidate = new(), _stable = new();
    double _load, _mood, _cpu, _strike, _strikes, _seconds;

    /// <param name="share">The candidate's; with all of it there is no control.</param>
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

        Level();
        return new(1, Show(_candidate, 1), share < 1 ? Show(_stable, 4) : null)
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
        side.Requests++;
        if (bad) side.Errors++;
        if (!weather.Whole) return;
        if (bad && _draw.Next(2) == 0) side.Unanswered++;
        var ms = MedianMs * Math.Exp(Spread * Normal()) * (_strike > 0 ? 3 : 1) * Math.Exp(.2 * _load);
        side.Latency[Histogram.Clamp((int)Math.Ceiling(Math.Log(ms) / LogGrowth)) - Histogram.LowestBin]++;
    }

    /// <summary>Cpu follows the load, and so does half of what neighbouring seconds have in common.</summary>
    void Level()
    {
        _cpu = .9 * _cpu + .1 * (weather.Rough ? Math.Exp(_load - .05) : 1);
        foreach (var side in (Side[])[_candidate, _stable])
        {
            side.Wander = .95 * side.Wander + .01 * Normal();
            side.Cpu = Math.Max(0, .3 * _cpu + .1 + side.Wander);
            side.Memory = .4 + .05 * Math.Tanh(_seconds / 600) + .2 * side.Wander;
        }
    }

    FleetCounts Show(Side side, int instances)
    {
        var counts = new FleetCounts(side.Requests, side.Errors, side.Unanswered);
        if (!weather.Whole) return counts;
        var bins = new List<BinCount>();
        for (var i = 0; i < side.Latency.Length; i++)
            if (side.Latency[i] > 0) bins.Add(new(i + Histogram.LowestBin, side.Latency[i]));
        return counts with
        {
            Latency = new(bins.ToSeq()),
            Cpu = side.Cpu,
            Memory = side.Memory,
            Restarts = Poisson(instances * CrashesPerInstanceHour / 3600),
            Instances = instances,
        };
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

    sealed class Side
    {
        public long Requests { get; set; }
        public long Errors { get; set; }
        public long Unanswered { get; set; }
        public long[] Latency { get; } = new long[Histogram.Bins];
        public double Wander { get; set; }
        public double Cpu { get; set; }
        public double Memory { get; set; }

        public void Clear()
        {
            (Requests, Errors, Unanswered) = (0, 0, 0);
            Array.Clear(Latency);
        }
    }
}
