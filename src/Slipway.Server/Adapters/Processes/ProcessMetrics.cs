using Slipway.Gates;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters.Processes;

/// <summary>What was counted in front of the instances, and with it what they take and how often they ended.</summary>
public sealed class ProcessMetrics(IMetrics counted, ProcessFleets fleets) : IMetrics
{
    public async Task<Totals> Read(MetricsQuery query, CancellationToken cancel)
    {
        var totals = await counted.Read(query, cancel);
        return totals with
        {
            Candidate = With(totals.Candidate, query.Service, query.Candidate),
            Stable = totals.Stable is { } stable && query.Stable is { } fleet
                ? With(stable, query.Service, fleet)
                : totals.Stable,
        };
    }

    FleetCounts With(FleetCounts counts, string service, Fleet fleet)
    {
        var usage = fleets.UsageOf(service, fleet);
        return counts with
        {
            Cpu = usage?.Cpu,
            Memory = usage?.Memory,
            Restarts = fleets.RestartsOf(service, fleet),
        };
    }
}
