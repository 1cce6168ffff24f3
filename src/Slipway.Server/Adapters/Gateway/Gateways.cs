using Slipway.Gateway.Telemetry;

namespace Slipway.Adapters.Gateway;

/// <summary>
/// All gateways of a control plane: they carry the same services, and what is ordered is ordered of each of them.
/// </summary>
public sealed class Gateways(IEnumerable<GatewayPlace> places) : IDisposable
{
    readonly GatewayLink[] _all = [.. places.Select(place => new GatewayLink(place))];

    internal IReadOnlyList<GatewayLink> All => _all;

    public void Dispose()
    {
        foreach (var gateway in _all) gateway.Dispose();
    }

    /// <summary>As Prometheus reads it.</summary>
    public async Task<string> Counted(CancellationToken cancel) => string.Concat(
        (await Ask<GatewayStats>("/v1/stats", cancel)).Select(PrometheusText.Of));

    internal Task Each(Func<GatewayLink, Task> order) => Task.WhenAll(_all.Select(order));

    internal async Task<IReadOnlyList<T>> Ask<T>(string path, CancellationToken cancel)
        where T : class => await Task.WhenAll(_all.Select(gateway => gateway.Get<T>(path, cancel)));
}
