using Slipway.Gates;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;

namespace Slipway.Adapters.Gateway;

/// <summary>What has come lately, a second and in a quantile each.</summary>
public sealed record Flow(double PerSecond, double? ErrorShare)
{
    public double? P50Ms { get; init; }
    public double? P99Ms { get; init; }
}

/// <summary>
/// What passes through all gateways, lately. Looked at now and then for everything at once, so that whoever asks is
/// answered at once; a gateway that cannot be asked is left out.
/// </summary>
public sealed class GatewayTraffic : IAsyncDisposable
{
    readonly Gateways _gateways;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _stop = new();
    readonly Queue<Look> _looks = new();
    readonly Task _looking;
    volatile Span? _span;

    /// <param name="Counts">By service and fleet; of each gateway's fleet, when it began to count.</param>
    sealed record Look(long At, Dictionary<(string Service, Fleet Fleet), Counted> Counts);

    sealed record Counted(string Epoch, CountStats Stats);

    sealed record Span(Look From, Look To);

    public GatewayTraffic(Gateways gateways, TimeProvider time)
    {
        (_gateways, _time) = (gateways, time);
        _looking = Keep();
    }

    /// <summary>Null as long as nobody knows: two looks are needed.</summary>
    /// <param name="fleet">None: all of the service.</param>
    public Flow? Of(string service, Fleet? fleet)
    {
        if (_span is not { } span) return null;
        var seconds = _time.GetElapsedTime(span.From.At, span.To.At).TotalSeconds;
        var (requests, errors, bins) = (0L, 0L, new List<BinCount>());
        foreach (var (key, now) in span.To.Counts)
        {
            if (key.Service != service || (fleet is { } only && key.Fleet != only)) continue;
            var before = span.From.Counts.GetValueOrDefault(key);
            var come = before?.Epoch == now.Epoch ? now.Stats.Counts.Minus(before.Stats.Counts) : now.Stats.Counts;
            (requests, errors) = (requests + come.Requests, errors + come.Errors);
            bins.AddRange(come.Latency!.Bins);
        }

        var latency = new LatencyCounts([.. bins]);
        return new(requests / seconds, requests == 0 ? null : (double)errors / requests)
        {
            P50Ms = latency.Quantile(.5),
            P99Ms = latency.Quantile(.99),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    async Task Keep()
    {
        using var timer = new PeriodicTimer(Limits.TrafficEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await See();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Over.
        }
    }

    internal async Task See()
    {
        var counts = new Dictionary<(string, Fleet), Counted>();
        foreach (var gateway in (await Task.WhenAll(_gateways.All.Select(Ask))).OfType<GatewayStats>())
            foreach (var site in gateway.Sites)
                foreach (var fleet in site.Fleets)
                {
                    var key = (site.Service, fleet.Fleet);
                    var known = counts.GetValueOrDefault(key);
                    var stats = fleet.IsShadow ? fleet.Shadow : fleet.User;
                    counts[key] = new($"{known?.Epoch}+{gateway.Epoch}/{fleet.Born}",
                        known is null ? stats : known.Stats.Plus(stats));
                }

        _looks.Enqueue(new(_time.GetTimestamp(), counts));
        if (_looks.Count > Limits.TrafficLooks) _looks.Dequeue();
        if (_looks.Count > 1) _span = new(_looks.Peek(), _looks.Last());
    }

    async Task<GatewayStats?> Ask(GatewayLink gateway)
    {
        using var expiry = new CancellationTokenSource(Limits.Call, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _stop.Token);
        try
        {
            return await gateway.Get<GatewayStats>("/v1/stats", either.Token);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
