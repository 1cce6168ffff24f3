namespace Slipway.Support.Traffic;

/// <summary>What a simulated service is exposed to besides what its versions do.</summary>
public sealed record Weather
{
    public double RequestsPerSecond { get; init; } = 100;

    /// <summary>The share of bad answers, on average, while nothing happens.</summary>
    public double Base { get; init; } = .001;

    /// <summary>What the candidate shows instead.</summary>
    public double? Bad { get; init; }

    /// <summary>Users stay on their side and ask several times; when one request of them fails, all do.</summary>
    public bool Sticky { get; init; }

    /// <summary>
    /// Requests come in bursts, the error rate wanders, and every few minutes something strikes both sides for some
    /// seconds.
    /// </summary>
    public bool Rough { get; init; }

    /// <summary>Latencies, cpu, memory and crashes too, and not the answers alone.</summary>
    public bool Whole { get; init; }

    /// <summary>Weathers as different as services are: the same for the same number.</summary>
    public static Weather Any(int seed)
    {
        var draw = new Random(seed);
        return new()
        {
            RequestsPerSecond = Of(draw, 5, 20, 50, 100, 200),
            Base = Of(draw, .0002, .001, .003),
            Sticky = draw.Next(2) == 0,
            Rough = draw.Next(4) > 0,
            Whole = true,
        };
    }

    static double Of(Random draw, params double[] values) => values[draw.Next(values.Length)];
}
