using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>The fleets of a site, and who is in them. Changes come one at a time; requests read snapshots.</summary>
sealed class FleetBook(Site site)
{
    readonly Lock _gate = new();
    readonly HashSet<string> _drained = new(StringComparer.Ordinal);
    readonly List<Instance> _gone = [];
    volatile FleetTraffic[] _all = [];
    Seq<Member> _members = [];

    public IReadOnlyList<FleetTraffic> All => _all;

    public Seq<Member> Members
    {
        get
        {
            lock (_gate) return _members;
        }
    }

    public FleetTraffic? Find(Fleet fleet)
    {
        foreach (var known in _all)
            if (known.Fleet == fleet) return known;
        return null;
    }

    public FleetTraffic Of(Fleet fleet)
    {
        lock (_gate) return Of_NeedsLock(fleet);
    }

    /// <summary>
    /// A new snapshot in the place of the old one. Instances that stay keep what is known of them; those that are gone
    /// may finish what they have. Before a first snapshot nobody is new, so nobody starts slowly.
    /// </summary>
    public void Tell(Seq<Member> members)
    {
        lock (_gate)
        {
            var joined = _members.Count == 0 ? long.MinValue / 2 : site.Time.GetTimestamp();
            _members = members;
            _drained.IntersectWith(members.Select(member => member.Instance));
            foreach (var fleet in members.Select(member => member.Fleet)) Of_NeedsLock(fleet);
            foreach (var fleet in _all)
                Put_NeedsLock(fleet, [.. members.Where(member => member.Fleet == fleet.Fleet)], joined);
            Forget_NeedsLock();
        }
    }

    /// <summary>Everybody of a fleet to whom something may be under way, also those that no snapshot names.</summary>
    public IReadOnlyList<Instance> Everybody(Fleet fleet)
    {
        lock (_gate)
            return Find(fleet) is not { } known ? [] : [.. known.Roster.Ready, .. known.Roster.Leaving,
                .. _gone.Where(instance => instance.Fleet == known)];
    }

    /// <summary>
    /// Takes instances out of their fleet: new requests do not come, live sessions and what is under way have until
    /// <paramref name="by"/>. A snapshot from before does not bring them back.
    /// </summary>
    public void Drain(IReadOnlyCollection<Instance> instances, long by)
    {
        lock (_gate)
        {
            foreach (var instance in instances)
            {
                instance.Leave(by);
                instance.Hurry(by);
                _drained.Add(instance.Member.Instance);
            }

            foreach (var fleet in instances.Select(instance => instance.Fleet).Distinct())
            {
                var roster = fleet.Roster;
                var leaving = roster.Ready.Where(instances.Contains).ToArray();
                if (leaving.Length == 0) continue;
                fleet.Roster = new([.. roster.Ready.Except(leaving)], [.. roster.Leaving, .. leaving]);
                fleet.CountAside();
            }
        }
    }

    /// <summary>Not even live sessions come any more.</summary>
    public void Close(IReadOnlyCollection<Instance> instances)
    {
        lock (_gate)
            foreach (var fleet in instances.Select(instance => instance.Fleet).Distinct())
                fleet.Roster = fleet.Roster with { Leaving = [.. fleet.Roster.Leaving.Except(instances)] };
    }

    void Put_NeedsLock(FleetTraffic fleet, List<Member> members, long joined)
    {
        var known = fleet.Roster.Ready.Concat(fleet.Roster.Leaving).ToDictionary(instance => instance.Member.Instance);
        var (ready, leaving) = (new List<Instance>(), new List<Instance>());
        foreach (var member in members)
        {
            fleet.Version = member.Version;
            if (known.Remove(member.Instance, out var instance) && instance.IsAt(member))
            {
                if (member.Draining || _drained.Contains(member.Instance)) leaving.Add(instance);
                else ready.Add(instance);
                continue;
            }

            if (instance is not null) known.Add(member.Instance, instance);
            if (_drained.Contains(member.Instance)) continue;
            (member.Draining ? leaving : ready).Add(new(fleet, member, site.Ground.Slots.Take(), joined));
        }

        foreach (var instance in ready) instance.Return();
        var by = Draining.Deadline(site, site.Options.Drain);
        foreach (var instance in leaving.Concat(known.Values)) instance.Leave(by);
        fleet.Roster = new([.. ready], [.. leaving]);
        fleet.CountAside();
        foreach (var gone in known.Values)
        {
            _gone.Add(gone);
            _ = Free(gone);
        }
    }

    /// <summary>Its number is free once nothing is under way to it.</summary>
    async Task Free(Instance gone)
    {
        await gone.InFlight.Emptied();
        lock (_gate) _gone.Remove(gone);
        site.Ground.Slots.Return(gone.Slot);
    }

    FleetTraffic Of_NeedsLock(Fleet fleet)
    {
        if (Find(fleet) is { } known) return known;
        var slot = Enumerable.Range(0, _all.Length + 1).First(free => _all.All(other => other.Slot != free));
        var added = new FleetTraffic(site, fleet, slot, site.Ground.Birth());
        _all = [.. _all, added];
        return added;
    }

    /// <summary>The oldest that have nothing to do with anything any more.</summary>
    void Forget_NeedsLock()
    {
        if (_all.Length <= Limits.Fleets) return;
        var named = site.Table.Source.Fleets.ToHashSet();
        var idle = _all.Where(fleet => !named.Contains(fleet.Fleet) && fleet.Roster is { Ready: [], Leaving: [] }
            && fleet.UnderWay == 0).OrderBy(fleet => fleet.Born).Take(_all.Length - Limits.Fleets).ToHashSet();
        _all = [.. _all.Where(fleet => !idle.Contains(fleet))];
    }
}

/// <summary>Small numbers for instances, of the whole gateway.</summary>
sealed class SlotBook
{
    readonly SortedSet<int> _free = [];
    readonly Lock _gate = new();
    int _next;

    public int Take()
    {
        lock (_gate)
        {
            if (_free.Count == 0) return _next++;
            var slot = _free.Min;
            _free.Remove(slot);
            return slot;
        }
    }

    public void Return(int slot)
    {
        lock (_gate) _free.Add(slot);
    }
}
