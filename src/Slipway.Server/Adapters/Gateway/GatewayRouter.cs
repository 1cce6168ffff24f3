using Slipway.Decisions;
using Slipway.Gateway.Control;
using Slipway.Running;

namespace Slipway.Adapters.Gateway;

/// <summary>Tables go to every gateway; what counts as routed is what all of them have.</summary>
public sealed class GatewayRouter(Gateways gateways) : IRouter
{
    /// <summary>Told after a change of our own, with the service.</summary>
    public event Action<string>? Changed;

    public async Task Apply(RouteOrder order, CancellationToken cancel)
    {
        var path = $"/v1/sites/{order.Service}/table";
        var table = new TableOrder(order.Table, order.Since);
        try
        {
            await gateways.Each(gateway => gateway.Put(path, table, cancel));
        }
        catch (OutdatedException e)
        {
            throw new OutdatedException($"the table of {order.Service}", order.Since, e.Accepted);
        }

        Changed?.Invoke(order.Service);
    }

    /// <summary>The oldest of the tables: until the last gateway has followed, nothing has been shifted.</summary>
    public async Task<SeenTable> Look(string service, CancellationToken cancel)
    {
        var states = await gateways.Ask<SiteState>($"/v1/sites/{service}", cancel);
        var oldest = states.MinBy(state => state.Since) ?? new SiteState(service);
        return new(oldest.Table, oldest.Since);
    }
}
