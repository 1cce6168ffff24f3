using Slipway.Gates;

namespace Slipway.Support.Traffic;

/// <summary>What one of two versions does in a second.</summary>
sealed class Side
{
    readonly long[] _latency = new long[Histogram.Bins];

    public long Requests { get; private set; }
    public long Errors { get; private set; }
    public long Unanswered { get; private set; }
    public double Cpu { get; set; }
    public double Memory { get; set; }
    public int Restarts { get; set; }

    public void Clear()
    {
        (Requests, Errors, Unanswered, Restarts) = (0, 0, 0, 0);
        Array.Clear(_latency);
    }

    public void Count(bool bad, bool unanswered, double? milliseconds)
    {
        Requests++;
        if (bad) Errors++;
        if (unanswered) Unanswered++;
        if (milliseconds is { } ms) _latency[Histogram.Clamp(Histogram.BinOf(ms)) - Histogram.LowestBin]++;
    }

    /// <summary>Its answers alone.</summary>
    public FleetCounts Answers() => new(Requests, Errors, Unanswered);

    /// <summary>Latencies, levels and crashes too.</summary>
    public FleetCounts Whole(int instances)
    {
        var bins = new List<BinCount>();
        for (var i = 0; i < _latency.Length; i++)
            if (_latency[i] > 0) bins.Add(new(i + Histogram.LowestBin, _latency[i]));
        return Answers() with
        {
            Latency = new(bins.ToSeq()),
            Cpu = Cpu,
            Memory = Memory,
            Restarts = Restarts,
            Instances = instances,
        };
    }
}
