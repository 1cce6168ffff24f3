using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>Adds up what the loops have counted. Reads while they write: nothing is locked, nothing set back.</summary>
public sealed class Counters(Sites sites)
{
    readonly long _began = sites.Time.GetTimestamp();

    /// <summary>Of this life of the process.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Of one service; nothing when it is not known.</summary>
    public GatewayStats Read(string service) => new(Epoch, sites.Time.GetElapsedTime(_began),
        sites.Find(service) is { } site ? [Of(site)] : []);

    public GatewayStats Read() => new(Epoch, sites.Time.GetElapsedTime(_began), sites.All.Select(Of).ToSeq())
    {
        Connections = Tally.Sum([.. sites.Lanes.Select(lane => lane.Tally)]),
    };

    SiteStats Of(Site site)
    {
        var lanes = sites.Lanes.Select(lane => lane.Find(site)).OfType<LaneSite>().ToList();
        return new(site.Name, site.Fleets.Select(fleet => Of(site, fleet, lanes)).OrderBy(fleet => fleet.Fleet).ToSeq(),
            site.Ground.Shadows?.Of(site) ?? [])
        {
            HasCertificate = site.Options.Certificate is null ? null : site.CertificateTrouble is null,
            Unrouted = Sum(lanes.Select(lane => lane.Unrouted)),
        };
    }

    static FleetStats Of(Site site, FleetTraffic fleet, List<LaneSite> lanes)
    {
        var counted = lanes.Select(lane => (Lane: lane, Fleet: lane.Find(fleet)!))
            .Where(lane => lane.Fleet is not null).ToList();
        var roster = fleet.Roster;
        return new(fleet.Fleet, fleet.Born, fleet.Version)
        {
            User = Sum(counted.Select(lane => lane.Fleet.User)),
            Shadow = Sum(counted.Select(lane => lane.Fleet.Shadow)),
            Probes = counted.Sum(lane => lane.Fleet.Probes),
            Retries = counted.Sum(lane => lane.Fleet.Retried),
            IsShadow = site.Table.Mirror?.To == fleet,
            UnderWay = fleet.UnderWay,
            Ready = roster.Ready.Length,
            Aside = roster.Ready.Count(instance => instance.IsAside),
            Routes = counted.SelectMany(lane => RoutesOf(lane.Lane, lane.Fleet))
                .GroupBy(route => route.Name, route => route.Counts, StringComparer.Ordinal)
                .OrderBy(route => route.Key, StringComparer.Ordinal)
                .Select(route => new RouteStats(route.Key, Sum(route))).ToSeq(),
        };
    }

    static IEnumerable<(string Name, Counts Counts)> RoutesOf(LaneSite lane, FleetCounters fleet)
    {
        var names = lane.Routes.Names.ToArray();
        for (var i = 0; i < fleet.Routes.Length; i++)
            if (Volatile.Read(ref fleet.Routes[i]) is { } counts && (i < names.Length || i == RouteClasses.Other))
                yield return (i < names.Length ? names[i] : RouteClasses.OtherName, counts);
    }

    static CountStats Sum(IEnumerable<Counts> counts)
    {
        var sum = new Counts();
        foreach (var each in counts) sum.Add(each);
        return CountStats.Of(sum);
    }
}
