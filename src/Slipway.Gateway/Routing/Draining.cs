using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>Takes instances out, and tells when nothing is under way to them any more.</summary>
static class Draining
{
    /// <summary>
    /// Ends when the fleet, or its one instance, is done: requests, streams, and live sessions. At the deadline
    /// sessions count no more, and whoever forwards cuts what is left.
    /// </summary>
    /// <exception cref="InvalidOperationException">The table still names the fleet.</exception>
    public static async Task Drain(
        Sites sites, Site site, Fleet fleet, string? instance, TimeSpan? within, CancellationToken cancel)
    {
        if (instance is null && site.Table.Source.Fleets.Contains(fleet))
            throw new InvalidOperationException(
                $"The table of '{site.Name}' still names {fleet}: put a table without it first.");
        if (site.Book.Find(fleet) is not { } traffic) return;
        var leaving = site.Book.Everybody(fleet)
            .Where(one => instance is null || one.Member.Instance == instance).ToList();
        var by = Deadline(site, within ?? site.Options.Drain);
        site.Book.Drain(leaving, by);
        sites.HasChanged();
        while (true)
        {
            foreach (var one in leaving) await one.InFlight.Emptied().WaitAsync(cancel);
            if (instance is null) await traffic.InFlight.Emptied().WaitAsync(cancel);
            if (KeptBySessions(site, traffic, leaving, by))
            {
                await Task.Delay(Limits.SessionLook, site.Time, cancel);
                continue;
            }

            site.Book.Close(leaving);
            if (leaving.TrueForAll(one => one.UnderWay == 0) && (instance is not null || traffic.UnderWay == 0)) return;
        }
    }

    /// <summary>The timestamp at which what is left is cut: a little before the time is over.</summary>
    public static long Deadline(Site site, TimeSpan within)
    {
        var margin = TimeSpan.FromTicks(Math.Min(Limits.CutBeforeEnd.Ticks, within.Ticks / 2));
        return site.Time.GetTimestamp() + (long)((within - margin).TotalSeconds * site.Time.TimestampFrequency);
    }

    /// <summary>Sessions may move to another instance of their fleet, unless they are bound to theirs.</summary>
    static bool KeptBySessions(Site site, FleetTraffic fleet, List<Instance> leaving, long by)
    {
        var now = site.Time.GetTimestamp();
        if (leaving.Count == 0 || now >= by || !fleet.HasSessions(now)) return false;
        return !fleet.HasReady || site.Table.Affinity is { ToInstance: true };
    }
}
