using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>
/// One or two gateways. Each keeps its table for itself; the far one hears of a change a little later.
/// </summary>
public sealed class SimRouter(World world, Node ground)
{
    readonly Harness.Simulation _simulation = world.Simulation;
    readonly Swarm _swarm = world.Swarm;
    readonly Invariants _invariants = world.Invariants;
    readonly SeenTable[] _gateways = [.. Enumerable.Repeat(new SeenTable(RouteTable.Closed, 0), world.Swarm.Gateways)];

    public IEnumerable<SeenTable> Gateways => _gateways;

    public bool Apply(RouteOrder order)
    {
        Accept(0, order);
        for (var far = 1; far < _gateways.Length; far++)
        {
            var gateway = far;
            _simulation.At(ground, _simulation.Span(_swarm.FarGateway), () =>
            {
                if (order.Since >= _gateways[gateway].Since) Accept(gateway, order);
            });
        }

        return true;
    }

    /// <summary>What every gateway has: the oldest of them counts.</summary>
    public SeenTable Look() => _gateways.MinBy(table => table.Since)!;

    /// <summary>Somebody edits a table behind our back.</summary>
    public bool ChangeByHand()
    {
        var (table, since) = (_gateways[0].Value, _gateways[0].Since);
        if (table.Rest is not Target.Split) return false;
        _gateways[0] = new(table with { Salt = table.Salt + "!" }, since);
        _simulation.Log("the table of gateway 0 is changed by hand");
        return true;
    }

    void Accept(int gateway, RouteOrder order)
    {
        var now = _gateways[gateway];
        if (order.Since < now.Since) throw new OutdatedException($"gateway {gateway}", order.Since, now.Since);
        if (order.Since == now.Since && order.Table == now.Value) return;
        _invariants.Routing(now.Value, order);
        _simulation.Log($"gateway {gateway} accepts {order.Table} since {order.Since}");
        _gateways[gateway] = new(order.Table, order.Since);
        world.Changed(Place.Routes);
    }
}

public sealed class NodeRouter(SimRouter router, Wire wire, Node node) : IRouter
{
    public Task Apply(RouteOrder order, CancellationToken cancel) =>
        wire.Call(node, $"route since {order.Since}", () => router.Apply(order));

    public Task<SeenTable> Look(string service, CancellationToken cancel) =>
        wire.Call(node, "look at routes", router.Look);
}
