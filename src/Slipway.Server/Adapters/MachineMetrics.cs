using Slipway.Adapters.Processes;
using Slipway.Gates;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters;

/// <summary>
/// What users were answered, as the gateways have counted it, and what their instances take of this machine.
/// </summary>
public sealed class MachineMetrics(IMetrics answers, ProcessFleets fleets) : IMetrics
{
    public async Task<Totals> Read(MetricsQuery query, CancellationToken cancel)
    {
        var totals = await answers.Read(query, cancel);
        return totals with
        {
            Candidate = With(query.Service, query.Candidate, totals.Candidate),
            Stable = query.Stable is { } stable && totals.Stable is { } counts
                ? With(query.Service, stable, counts)
                : totals.Stable,
        };
    }

    FleetCounts With(string service, Fleet fleet, FleetCounts counts)
    {
        var usage = fleets.UsageOf(service, fleet);
        return counts with
        {
            Cpu = usage?.Cpu,
            Memory = usage?.Memory,
            Restarts = fleets.RestartsOf(service, fleet),
            Instances = fleets.Instances(service).Count(one => one.Fleet == fleet),
        };
    }
}
