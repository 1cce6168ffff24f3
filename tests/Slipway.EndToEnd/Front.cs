using Slipway.Adapters.Gateway;
using Slipway.Gateway.Life;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>The gateway itself, in this process, on a port that was free.</summary>
public sealed class Front : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    GatewayProcess? _gateway;

    public string Listen { get; } = FreePort.Address();
    public GatewayPlace Place => new("front", new(_folder.File("gateway.sock")), _folder.File("gateway.secret"));
    public RouteTable Table => _gateway!.Orders.Look(Shop.Name).Table;

    public async Task Open() =>
        _gateway ??= await GatewayProcess.Start(new(_folder.Path), CancellationToken.None);

    public long RequestsOf(Fleet fleet) => _gateway!.Counted.Sites.SelectMany(site => site.Fleets)
        .Where(known => known.Fleet == fleet).Sum(known => known.User.Requests);

    public long CopiesTo(Fleet fleet) => _gateway!.Counted.Sites.SelectMany(site => site.Fleets)
        .Where(known => known.Fleet == fleet).Sum(known => known.Shadow.Requests);

    /// <summary>As somebody would who knows the gateway and not the control plane.</summary>
    public void Meddle(RouteTable table) =>
        _gateway!.Orders.Route(Shop.Name, new(table, _gateway.Orders.Look(Shop.Name).Since));

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _folder.Dispose();
    }
}
