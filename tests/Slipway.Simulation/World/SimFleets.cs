using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

public enum Status { Starting, Ready, Failed, Stopping }

public sealed class SimInstance(Fleet fleet, int number)
{
    public Fleet Fleet => fleet;
    public int Number => number;
    public Status Status { get; set; }
    public DateTimeOffset Since { get; set; }
}

/// <summary>A fleet as its target keeps it: what it has accepted, and what really runs.</summary>
public sealed class SimFleet(Revision revision)
{
    public Revision Revision => revision;
    public int Size { get; set; }
    public long Since { get; set; }
    public TimeSpan MinReady { get; set; }
    public List<SimInstance> Instances { get; } = [];

    /// <summary>
    /// How many were ready at once under the accepted size: what is missing from that died by itself.
    /// </summary>
    public int Peak { get; set; }

    /// <summary>Instances that the machine has ended since they took more memory than there was.</summary>
    public int OutOfMemory { get; set; }

    public int Count(Status status) => Instances.Count(instance => instance.Status == status);
    public int Live => Instances.Count(instance => instance.Status != Status.Failed);
}

/// <summary>The target that runs instances. It outlives every node; it works towards what it has accepted.</summary>
public sealed class SimFleets(World world, Node ground)
{
    readonly Harness.Simulation _simulation = world.Simulation;
    readonly Swarm _swarm = world.Swarm;
    readonly Invariants _invariants = world.Invariants;
    readonly SortedDictionary<Fleet, SimFleet> _fleets = [];
    int _number;

    public IEnumerable<SimFleet> All => _fleets.Values;
    public SimFleet? Find(Fleet fleet) => _fleets.GetValueOrDefault(fleet);

    public bool Resize(FleetOrder order)
    {
        if (!_fleets.TryGetValue(order.Fleet, out var fleet))
            fleet = _fleets[order.Fleet] = new SimFleet(order.Revision);
        if (order.Since < fleet.Since) throw new OutdatedException($"{order.Fleet}", order.Since, fleet.Since);
        if (order.Since == fleet.Since && order.Size == fleet.Size) return true;

        _invariants.Resizing(fleet, order);
        _simulation.Log($"{order.Fleet} accepts {order.Size} since {order.Since}");
        (fleet.Size, fleet.Since, fleet.MinReady) = (order.Size, order.Since, order.MinReady);
        fleet.Peak = Math.Min(fleet.Peak, order.Size);
        Work(fleet);
        return true;
    }

    public Seq<SeenFleet> Look() => _fleets.Values.Select(fleet => new SeenFleet(
        fleet.Revision.Fleet,
        fleet.Size,
        fleet.Since,
        fleet.Live,
        fleet.Count(Status.Ready),
        fleet.Instances.Count(x => x.Status == Status.Ready && _simulation.Now - x.Since >= fleet.MinReady),
        fleet.Count(Status.Failed))
    {
        Lost = Math.Max(0, fleet.Peak - fleet.Count(Status.Ready)),
        OutOfMemory = fleet.OutOfMemory,
    }).ToSeq();

    /// <summary>Something kills an instance. The target sees it, and starts another.</summary>
    public bool Kill()
    {
        var ready = _fleets.Values.SelectMany(fleet => fleet.Instances)
            .Where(instance => instance.Status == Status.Ready).ToList();
        if (ready.Count == 0) return false;
        var victim = ready[_simulation.Next(ready.Count)];
        _simulation.Log($"instance {victim.Number} of {victim.Fleet} dies");
        var fleet = _fleets[victim.Fleet];
        fleet.Instances.Remove(victim);
        if (!Swarm.IsGood(fleet.Revision.Version) && _simulation.Chance(50)) fleet.OutOfMemory++;
        world.Changed(Place.Fleets);
        _simulation.At(ground, _simulation.Span(TimeSpan.FromSeconds(3)), () => Work(fleet));
        return true;
    }

    /// <summary>Somebody changes a size behind our back.</summary>
    public bool ChangeByHand()
    {
        var running = _fleets.Values.Where(fleet => fleet.Size > 0).ToList();
        if (running.Count == 0) return false;
        var fleet = running[_simulation.Next(running.Count)];
        fleet.Size++;
        _invariants.MeddledWith = true;
        _simulation.Log($"{fleet.Revision.Fleet} is changed by hand to {fleet.Size}");
        Work(fleet);
        return true;
    }

    void Work(SimFleet fleet)
    {
        while (fleet.Instances.Count(instance => instance.Status != Status.Stopping) < fleet.Size) Launch(fleet);
        foreach (var instance in Surplus(fleet)) Stop(fleet, instance);
    }

    /// <summary>What fails or has not come up yet goes first.</summary>
    static List<SimInstance> Surplus(SimFleet fleet)
    {
        var running = fleet.Instances.Where(instance => instance.Status != Status.Stopping).ToList();
        return [.. running
            .OrderBy(instance => instance.Status switch { Status.Failed => 0, Status.Starting => 1, _ => 2 })
            .Take(Math.Max(0, running.Count - fleet.Size))];
    }

    void Launch(SimFleet fleet)
    {
        var instance = new SimInstance(fleet.Revision.Fleet, ++_number)
        {
            Status = Status.Starting,
            Since = _simulation.Now,
        };
        fleet.Instances.Add(instance);
        var fails = Swarm.IsBroken(fleet.Revision.Version) && _simulation.Chance(_swarm.FailsToStart);
        var takes = TimeSpan.FromMilliseconds(500) + _simulation.Span(_swarm.StartTime);
        _simulation.At(ground, takes, () =>
        {
            if (instance.Status != Status.Starting || !fleet.Instances.Contains(instance)) return;
            (instance.Status, instance.Since) = (fails ? Status.Failed : Status.Ready, _simulation.Now);
            fleet.Peak = Math.Max(fleet.Peak, fleet.Count(Status.Ready));
            if (fails) GiveUp(fleet, instance);
            Changed(fleet);
        });
    }

    /// <summary>Told at once, and again when the instances have been ready long enough.</summary>
    void Changed(SimFleet fleet)
    {
        world.Changed(Place.Fleets);
        if (fleet.MinReady > TimeSpan.Zero) _simulation.At(ground, fleet.MinReady, () => world.Changed(Place.Fleets));
    }

    /// <summary>For a while: then it is tried again, as targets do.</summary>
    void GiveUp(SimFleet fleet, SimInstance instance)
    {
        _invariants.Reached.Fault("instance fails to start");
        _simulation.At(ground, TimeSpan.FromSeconds(20), () =>
        {
            if (instance.Status == Status.Failed && fleet.Instances.Remove(instance)) Work(fleet);
        });
    }

    void Stop(SimFleet fleet, SimInstance instance)
    {
        var draining = instance.Status == Status.Ready;
        (instance.Status, instance.Since) = (Status.Stopping, _simulation.Now);
        _simulation.At(ground, draining ? _simulation.Span(_swarm.DrainTime) : TimeSpan.Zero, () =>
        {
            fleet.Instances.Remove(instance);
            Changed(fleet);
        });
    }
}

public sealed class NodeFleets(SimFleets fleets, Wire wire, Node node) : IFleets
{
    public Task Resize(FleetOrder order, CancellationToken cancel) =>
        wire.Call(node, $"resize {order.Fleet} to {order.Size} since {order.Since}", () => fleets.Resize(order));

    public Task<Seq<SeenFleet>> Look(string service, CancellationToken cancel) =>
        wire.Call(node, "look at fleets", fleets.Look);
}
