using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Telemetry;

/// <summary>What one loop has counted and drawn of one site.</summary>
sealed class LaneSite(Site site)
{
    FleetCounters?[] _fleets = new FleetCounters?[4];
    Draw[] _draws = new Draw[4];

    public Site Site => site;
    public RouteClasses Routes { get; } = new();

    /// <summary>Requests that no fleet got: refused, or held in vain.</summary>
    public Counts Unrouted { get; } = new();

    public FleetCounters Of(FleetTraffic fleet)
    {
        var fleets = _fleets;
        if (fleet.Slot < fleets.Length && fleets[fleet.Slot] is { } known && known.Fleet == fleet) return known;
        return Add(fleet);
    }

    /// <summary>For those who read.</summary>
    public FleetCounters? Find(FleetTraffic fleet)
    {
        var fleets = Volatile.Read(ref _fleets);
        var known = fleet.Slot < fleets.Length ? Volatile.Read(ref fleets[fleet.Slot]) : null;
        return known?.Fleet == fleet ? known : null;
    }

    public bool Next(int draw, int basis, ref Chance chance)
    {
        if (draw >= _draws.Length) Array.Resize(ref _draws, draw + 4);
        return _draws[draw].Next(basis, ref chance);
    }

    FleetCounters Add(FleetTraffic fleet)
    {
        var fleets = _fleets;
        if (fleet.Slot >= fleets.Length) Array.Resize(ref fleets, Math.Max(fleet.Slot + 1, fleets.Length * 2));
        var added = new FleetCounters(fleet);
        Volatile.Write(ref fleets[fleet.Slot], added);
        Volatile.Write(ref _fleets, fleets);
        return added;
    }
}
