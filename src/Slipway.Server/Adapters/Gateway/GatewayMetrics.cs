using Slipway.Gates;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters.Gateway;

/// <summary>
/// What all gateways have counted, added up. When any of them has begun to count anew, the sum is of another epoch. For
/// a shadow its answers to copies count, for all others those to users.
/// </summary>
public sealed class GatewayMetrics : IMetrics, IDisposable
{
    readonly Gateways _gateways;
    readonly ITimer _ticks;

    public GatewayMetrics(Gateways gateways, TimeProvider time)
    {
        _gateways = gateways;
        _ticks = time.CreateTimer(_ => Counted?.Invoke(), null, Limits.CountsEvery, Limits.CountsEvery);
    }

    /// <summary>There may be something new to read, of any service.</summary>
    public event Action? Counted;

    public async Task<Totals> Read(MetricsQuery query, CancellationToken cancel)
    {
        var stats = await _gateways.Ask<GatewayStats>($"/v1/sites/{query.Service}/stats", cancel);
        var fleets = new[] { query.Candidate, query.Stable }.OfType<Fleet>();
        var epoch = string.Join('+', stats.Select(each => $"{each.Epoch}"
            + string.Concat(fleets.Select(fleet => Of(each, fleet) is { } known
                ? $"/{known.Born}{(known.IsShadow ? "s" : "")}"
                : "/0"))));
        return new(epoch, stats.Select(each => each.Uptime).DefaultIfEmpty().Min(),
            CountsOf(stats, query.Candidate),
            query.Stable is { } stable ? CountsOf(stats, stable) : null);
    }

    public void Dispose() => _ticks.Dispose();

    static FleetCounts CountsOf(IReadOnlyList<GatewayStats> stats, Fleet fleet)
    {
        var known = stats.Select(each => Of(each, fleet)).OfType<FleetStats>().ToList();
        var counts = known.Select(each => each.IsShadow ? each.Shadow : each.User)
            .Aggregate(CountStats.None, (a, b) => a.Plus(b)).Counts;
        return counts with
        {
            Instances = known.Count == 0 ? 0 : known.Max(each => each.Ready),
            UnderWay = known.Sum(each => each.UnderWay),
        };
    }

    static FleetStats? Of(GatewayStats stats, Fleet fleet) =>
        stats.Sites.SelectMany(site => site.Fleets).FirstOrDefault(known => known.Fleet == fleet);
}
