using Slipway.Gates;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>What users ask and are answered, counted by a source that can be silent, or begin anew.</summary>
public sealed class SimMetrics(World world)
{
    const double ErrorsUsually = 0.001;
    const double ErrorsWhenBad = 0.5;

    readonly Dictionary<Fleet, (double Requests, double Errors)> _counts = [];
    DateTimeOffset _began = world.Simulation.Now;
    DateTimeOffset _counted = world.Simulation.Now;
    int _epoch = 1;

    public bool Silent { get; set; }

    /// <summary>Whoever is asked fails: a database is down, say.</summary>
    public bool Outage { get; set; }

    /// <summary>Requests do not go where the table says.</summary>
    public bool SplitsWrong { get; set; } = world.Swarm.SplitsWrong;

    public void BeginAnew()
    {
        _counts.Clear();
        (_began, _counted, _epoch) = (world.Simulation.Now, world.Simulation.Now, _epoch + 1);
    }

    public Totals Read(MetricsQuery query)
    {
        if (Silent) throw new IOException("The metric source does not answer.");
        Count();
        var stable = query.Stable is { } fleet ? Of(fleet) : (FleetCounts?)null;
        return new($"{_epoch}", world.Simulation.Now - _began, Of(query.Candidate), stable);
    }

    FleetCounts Of(Fleet fleet) => _counts.TryGetValue(fleet, out var counts)
        ? new((long)counts.Requests, (long)counts.Errors)
        : new(0, 0);

    /// <summary>
    /// The traffic since the last look, told apart by the table of now: coarse, and enough for a verdict.
    /// </summary>
    void Count()
    {
        var seconds = (world.Simulation.Now - _counted).TotalSeconds;
        _counted = world.Simulation.Now;
        var table = world.Router.Look().Value;
        var wrong = SplitsWrong ? Amiss(table) : 0;
        foreach (var fleet in table.Fleets)
        {
            var share = table.ShareOf(fleet).Fraction;
            share += share < 0.5 ? wrong : -wrong;
            var requests = seconds * world.Swarm.RequestsPerSecond * share;
            var bad = world.Fleets.Find(fleet) is { } found && Swarm.IsBad(found.Revision.Version);
            var rate = Outage ? 1 : bad ? ErrorsWhenBad : ErrorsUsually;
            var (before, errors) = _counts.GetValueOrDefault(fleet);
            _counts[fleet] = (before + requests, errors + requests * rate);
        }
    }

    /// <summary>Of two sides the smaller gets three times its share.</summary>
    static double Amiss(RouteTable table) =>
        table.Fleets.Select(fleet => table.ShareOf(fleet).Fraction).Where(share => share is > 0 and < 0.5)
            .Select(share => Math.Min(2 * share, 1 - share)).FirstOrDefault();
}

public sealed class NodeMetrics(SimMetrics metrics, Wire wire, Node node) : IMetrics
{
    public Task<Totals> Read(MetricsQuery query, CancellationToken cancel) =>
        wire.Call(node, "read metrics", () => metrics.Read(query));
}
