using Slipway.Adapters.Gateway;
using Slipway.Adapters.Processes;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Reports;

/// <summary>What runs at this moment, and what it carries, as people and programs are told of it.</summary>
sealed class LiveReports(Func<string, Service?> find, ProcessFleets fleets, GatewayTraffic traffic)
{
    public TrafficReport? Traffic(string service, Fleet? fleet) => traffic.Of(service, fleet) is { } flow
        ? new(flow.PerSecond, flow.ErrorShare * 100) { P50Ms = flow.P50Ms, P99Ms = flow.P99Ms }
        : null;

    public IReadOnlyList<InstanceReport> Instances(string service)
    {
        var known = find(service);
        return [.. fleets.Instances(service).Select(one => new InstanceReport(
            one.Name, known?.Revisions.FirstOrDefault(revision => revision.Fleet == one.Fleet)?.Version ?? "-",
            ReleaseReports.Word(one.Status), ReleaseReports.Word(one.Health))
        {
            Pid = one.Pid,
            Port = one.Port,
            Since = one.Since,
            Crashes = one.Crashes,
            CpuPercent = one.Usage?.Cpu * 100,
            MemoryPercent = one.Usage?.Memory * 100,
            Why = one.Why,
            Probes = [.. one.Probes.Select(probe => new ProbeReport(ReleaseReports.Word(probe.Last.Kind),
                ReleaseReports.Word(probe.Last.Answer), probe.InARow, probe.Decides, probe.Last.Text))],
            Dependencies = [.. one.Dependencies.Select(needed =>
                new DependencyReport(needed.Name, ReleaseReports.Word(needed.Answer), needed.Text))],
        })];
    }
}
