using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Adapters.Gateway;

/// <summary>
/// All gateways of a control plane: they carry the same services, and what is ordered is ordered of each of them.
/// </summary>
public sealed class Gateways(IEnumerable<GatewayPlace> places) : IDisposable
{
    readonly GatewayLink[] _all = [.. places.Select(place => new GatewayLink(place))];

    internal IReadOnlyList<GatewayLink> All => _all;

    /// <summary>Lets a service's users in, the way its specification says.</summary>
    public Task Open(ServiceSpec spec, CancellationToken cancel) =>
        Each(gateway => gateway.Put($"/v1/sites/{spec.Service}", OptionsOf(spec), cancel));

    /// <summary>Nobody comes in any more.</summary>
    public Task Close(string service, CancellationToken cancel) =>
        Each(gateway => gateway.Delete($"/v1/sites/{service}", cancel));

    public void Dispose()
    {
        foreach (var gateway in _all) gateway.Dispose();
    }

    internal Task Each(Func<GatewayLink, Task> order) => Task.WhenAll(_all.Select(order));

    internal async Task<IReadOnlyList<T>> Ask<T>(string path, CancellationToken cancel)
        where T : class => await Task.WhenAll(_all.Select(gateway => gateway.Get<T>(path, cancel)));

    internal static SiteOptions OptionsOf(ServiceSpec spec) => new()
    {
        Listen = spec.Traffic.Listen,
        Hosts = spec.Traffic.Hosts,
        Path = spec.Traffic.Path,
        Certificate = spec.Traffic.Tls?.Certificate,
        Key = spec.Traffic.Tls?.Key,
        VersionHeader = spec.Traffic.VersionHeader,
        Drain = spec.Traffic.Drain,
        Hold = spec.Traffic.Hold,
        HealthPath = (spec.Health.Liveness ?? spec.Health.Readiness)?.Way is ProbeWay.Http http ? http.Path : null,
    };
}
