using Slipway.Gates;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Routing;
using Slipway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// Everything that a gateway has counted since it began, so that a reader that comes back counts nothing twice and
/// loses nothing. Another epoch has begun to count anew.
/// </summary>
public sealed record GatewayStats(string Epoch, TimeSpan Uptime, Seq<SiteStats> Sites)
{
    /// <summary>Null where one service alone was asked for.</summary>
    public ConnectionStats? Connections { get; init; }
}

/// <summary>What belongs to no service: what became of connections, and why some were ended.</summary>
/// <param name="Refused">Requests that two parsers could read differently, and the like.</param>
/// <param name="Broken">Breaches of HTTP/2.</param>
public sealed record ConnectionStats(Seq<NamedCount> Events, Seq<NamedCount> Refused, Seq<NamedCount> Broken)
{
    /// <summary>Why answers of instances became a 502, or were broken off.</summary>
    public Seq<NamedCount> BadAnswers { get; init; } = [];
}

public sealed record NamedCount(string Name, long Count);

public sealed record SiteStats(string Service, Seq<FleetStats> Fleets, Seq<ShadowRoute> Shadow)
{
    /// <summary>Null where no certificate is wanted.</summary>
    public bool? HasCertificate { get; init; }

    /// <summary>Requests that no fleet got: refused, held in vain, or too many.</summary>
    public CountStats Unrouted { get; init; } = CountStats.None;
}

/// <param name="Born">Another number: the fleet was forgotten in between, and its counts began anew.</param>
public sealed record FleetStats(Fleet Fleet, long Born, string Version)
{
    public CountStats User { get; init; } = CountStats.None;
    public CountStats Shadow { get; init; } = CountStats.None;
    public long Probes { get; init; }
    public long Retries { get; init; }

    /// <summary>The table sends copies to it.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Requests under way now.</summary>
    public long UnderWay { get; init; }
    public int Ready { get; init; }
    public int Aside { get; init; }
    public Seq<RouteStats> Routes { get; init; } = [];
}

public sealed record RouteStats(string Route, CountStats Counts);

/// <param name="Classes">By the first digit of the status; the first is what got none.</param>
public sealed record CountStats(long Requests, long Errors, long Unanswered, Seq<long> Classes)
{
    public static readonly CountStats None = new(0, 0, 0, [0, 0, 0, 0, 0, 0]);

    public long GivenUp { get; init; }
    public long TimedOut { get; init; }
    public long ConnectFailed { get; init; }
    public long BytesIn { get; init; }
    public long BytesOut { get; init; }
    public LatencyCounts Latency { get; init; } = new([]);

    /// <summary>As gates read it.</summary>
    public FleetCounts Counts => new(Requests, Errors, Unanswered) { GivenUp = GivenUp, Latency = Latency };

    public CountStats Plus(CountStats other) =>
        new(Requests + other.Requests, Errors + other.Errors, Unanswered + other.Unanswered,
            Classes.Zip(other.Classes, (a, b) => a + b).ToSeq())
        {
            GivenUp = GivenUp + other.GivenUp,
            TimedOut = TimedOut + other.TimedOut,
            ConnectFailed = ConnectFailed + other.ConnectFailed,
            BytesIn = BytesIn + other.BytesIn,
            BytesOut = BytesOut + other.BytesOut,
            Latency = new(Latency.Bins.Concat(other.Latency.Bins).GroupBy(bin => bin.Bin)
                .Select(bins => new BinCount(bins.Key, bins.Sum(bin => bin.Count)))
                .OrderBy(bin => bin.Bin).ToSeq()),
        };

    internal static CountStats Of(Counts counts) =>
        new(counts.Requests, counts.Errors, counts.Unanswered, counts.Classes.ToArray().ToSeq())
        {
            GivenUp = counts.GivenUp,
            TimedOut = counts.TimedOut,
            ConnectFailed = counts.ConnectFailed,
            BytesIn = counts.BytesIn,
            BytesOut = counts.BytesOut,
            Latency = LatencyOf(counts.Latency),
        };

    static LatencyCounts LatencyOf(ReadOnlySpan<long> latency)
    {
        var bins = new List<BinCount>();
        for (var i = 0; i < latency.Length; i++)
            if (latency[i] > 0) bins.Add(new(i + Histogram.LowestBin, latency[i]));
        return new(bins.ToSeq());
    }
}
