namespace Slipway.Gateway.Routing;

/// <summary>
/// The instances of a fleet at a moment, swapped as a whole: those that take requests, and those that only finish what
/// they have, live sessions included.
/// </summary>
sealed record Roster(Instance[] Ready, Instance[] Leaving)
{
    public static readonly Roster Empty = new([], []);

    public bool Has(Instance instance, bool pinned) =>
        Array.IndexOf(Ready, instance) >= 0 || (pinned && Array.IndexOf(Leaving, instance) >= 0);

    /// <summary>
    /// The better of two that chance names, by requests under way; whoever is new gets less than its part at first.
    /// </summary>
    public Instance? LeastOfTwo(Instance? not, Lane lane, double slowStart, bool someAside)
    {
        var all = Ready;
        if (all.Length < 2) return all.Length == 0 ? null : all[0];
        if (someAside)
            foreach (var aside in all)
                if (aside != not && aside.TakesTrial(lane.Now)) return aside;

        var i = lane.Chance.Below(all.Length);
        var j = lane.Chance.Below(all.Length - 1);
        if (j >= i) j++;
        var (a, b) = (all[i], all[j]);
        var (takesA, takesB) = (Takes(a, not), Takes(b, not));
        if (takesA && takesB) return Better(a, b, lane, slowStart);
        return takesA ? a : takesB ? b : Any(not, i);
    }

    /// <summary>The same one for the same user, as long as it is there.</summary>
    public Instance? Highest(ulong user, Instance? not, bool pinned, Lane lane)
    {
        var best = Highest(Ready, user, not, null, lane.Now);
        if (pinned) best = Highest(Leaving, user, not, best, lane.Now);
        if (best is { IsAside: true } && !best.TakesTrial(lane.Now)) best = Highest(Ready, user, best, null, 0);
        return best ?? (Ready.Length > 0 ? Ready[0] : null);
    }

    static Instance? Highest(Instance[] all, ulong user, Instance? not, Instance? best, long now)
    {
        foreach (var one in all)
        {
            if (all.Length > 1 && (one == not || (one.IsAside && !one.IsTrialDue(now)))) continue;
            if (best is null || one.Rendezvous(user) > best.Rendezvous(user)) best = one;
        }

        return best;
    }

    static bool Takes(Instance one, Instance? not) => one != not && !one.IsAside;

    /// <summary>From a place on, whoever takes requests; then whoever was not tried; then the first.</summary>
    Instance Any(Instance? not, int from)
    {
        for (var k = 0; k < Ready.Length; k++)
            if (Ready[(from + k) % Ready.Length] is var one && Takes(one, not)) return one;
        return Ready[from] == not ? Ready[(from + 1) % Ready.Length] : Ready[from];
    }

    static Instance Better(Instance a, Instance b, Lane lane, double slowStart)
    {
        var (partA, partB) = (Part(a, lane.Now, slowStart), Part(b, lane.Now, slowStart));
        var part = Math.Min(partA, partB) / Math.Max(partA, partB);
        if (part < 1 && lane.Chance.Fraction() >= part) return partA < partB ? b : a;
        return a.UnderWay <= b.UnderWay ? a : b;
    }

    static double Part(Instance one, long now, double slowStart)
    {
        var since = now - one.Joined;
        return since >= slowStart
            ? 1
            : Limits.SlowStartFrom + ((1 - Limits.SlowStartFrom) * Math.Max(0, since) / slowStart);
    }
}
