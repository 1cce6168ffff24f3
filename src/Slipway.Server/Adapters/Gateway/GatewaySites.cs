using Slipway.Gateway.Control;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Adapters.Gateway;

/// <summary>
/// Lets the users of services in at every gateway, the way their specifications say, and keeps it so: a gateway that
/// has lost its state gets it again.
/// </summary>
public sealed class GatewaySites : IAsyncDisposable
{
    readonly Gateways _gateways;
    readonly TimeProvider _time;
    readonly Lock _gate = new();
    readonly Dictionary<string, SiteOptions?> _wanted = new(StringComparer.Ordinal);
    readonly Dictionary<string, GatewayState> _seen = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stop = new();
    readonly Task _keeping;

    public GatewaySites(Gateways gateways, TimeProvider time)
    {
        (_gateways, _time) = (gateways, time);
        _keeping = Task.WhenAll(gateways.All.Select(Keep));
    }

    /// <summary>A call that has failed: to which gateway, and why. It is made again.</summary>
    public event Action<string, Exception>? Troubled;

    /// <summary>What a gateway says of its own troubles, once for each; null when all is well there again.</summary>
    public event Action<string, string?>? Told;

    /// <summary>What hinders a gateway, of what concerns this service; null when nothing does.</summary>
    public string? TroubleOf(string service)
    {
        lock (_gate)
            return _seen.Values.Select(state => state.Troubles.Count == 0
                    ? state.Trouble
                    : state.Troubles.FirstOrDefault(one => one.Service == service)?.What)
                .FirstOrDefault(trouble => trouble is not null);
    }

    /// <summary>Ends when every gateway has been asked; one that could not be is asked again later.</summary>
    public Task Open(ServiceSpec spec) => Want(spec.Service, OptionsOf(spec));

    /// <summary>Nobody comes in any more.</summary>
    public Task Close(string service) => Want(service, null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
    }

    internal static SiteOptions OptionsOf(ServiceSpec spec) => new()
    {
        Listen = spec.Traffic.Listen,
        Hosts = spec.Traffic.Hosts,
        Path = spec.Traffic.Path,
        Certificate = spec.Traffic.Tls?.Certificate,
        Key = spec.Traffic.Tls?.Key,
        Http2 = spec.Traffic.Http2,
        VersionHeader = spec.Traffic.VersionHeader,
        Drain = spec.Traffic.Drain,
        Hold = spec.Traffic.Hold,
        Timeouts = spec.Traffic.Timeouts,
        HealthPath = (spec.Health.Liveness ?? spec.Health.Readiness)?.Way is ProbeWay.Http http ? http.Path : null,
    };

    Task Want(string service, SiteOptions? options)
    {
        lock (_gate) _wanted[service] = options;
        return Task.WhenAll(_gateways.All.Select(Converge));
    }

    async Task Keep(GatewayLink gateway)
    {
        using var timer = new PeriodicTimer(Limits.LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await Converge(gateway);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Over.
        }
    }

    /// <summary>Looks first: what is as it should be is not touched. Never throws.</summary>
    async Task Converge(GatewayLink gateway)
    {
        using var expiry = new CancellationTokenSource(Limits.Call, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _stop.Token);
        try
        {
            KeyValuePair<string, SiteOptions?>[] wanted;
            lock (_gate) wanted = [.. _wanted];
            if (wanted.Length == 0) return;
            var state = await gateway.Get<GatewayState>("/v1/state", either.Token);
            Hear(gateway.Name, state);
            var there = state.Sites.ToDictionary(site => site.Service);
            foreach (var (service, options) in wanted)
            {
                var site = there.GetValueOrDefault(service);
                if (options is null && site is { Removed: false })
                    await gateway.Delete($"/v1/sites/{service}", either.Token);
                else if (options is not null && (site is null or { Removed: true } || site.Options != options))
                    await gateway.Put($"/v1/sites/{service}", options, either.Token);
            }
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested) Troubled?.Invoke(gateway.Name, e);
        }
    }

    void Hear(string gateway, GatewayState state)
    {
        string? before;
        lock (_gate)
        {
            before = _seen.GetValueOrDefault(gateway)?.Trouble;
            _seen[gateway] = state;
        }

        if (state.Trouble != before) Told?.Invoke(gateway, state.Trouble);
    }
}
