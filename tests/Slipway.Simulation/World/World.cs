using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>The store, the targets and the nodes of one run.</summary>
public sealed class World
{
    public const string Name = "shop";

    readonly Node _ground;
    readonly List<Control> _controls = [];
    readonly Wits _wits;

    public World(Harness.Simulation simulation, Swarm swarm, Wits wits)
    {
        (Simulation, Swarm, _wits) = (simulation, swarm, wits);
        _ground = new Node(simulation, "ground");
        Invariants = new Invariants(simulation, Reached) { Fleets = () => Fleets!, Router = () => Router! };
        Journal = new SimJournal(simulation, Invariants);
        Fleets = new SimFleets(this, _ground);
        Router = new SimRouter(this, _ground);
        Settings = new SimSettings(simulation, Invariants);
        Jobs = new SimJobs(simulation, swarm);
        Metrics = new SimMetrics(this);
        Calls = new Wire(simulation, _ground, Reached) { Faults = swarm.Calls };
        Store = new Wire(simulation, _ground, Reached) { Faults = swarm.Store };
    }

    public Harness.Simulation Simulation { get; }
    public Swarm Swarm { get; }
    public Reached Reached { get; } = new();
    public Invariants Invariants { get; }
    public SimJournal Journal { get; }
    public SimFleets Fleets { get; }
    public SimRouter Router { get; }
    public SimSettings Settings { get; }
    public SimJobs Jobs { get; }
    public SimMetrics Metrics { get; }
    public Wire Calls { get; }
    public Wire Store { get; }

    /// <summary>In some seeds only the holder of a lease converges; in the others everybody does.</summary>
    public bool IsLeased => Simulation.Seed % 4 == 0;

    /// <summary>The node that holds the lease; none when nobody does.</summary>
    public int? Holder { get; private set; } = 0;
    public Service Truth => Journal.Truth(Name);
    public IReadOnlyList<Control> Controls => _controls;

    public void Ground(TimeSpan after, Action run) => Simulation.At(_ground, after, run);

    /// <summary>A control plane comes up, knowing nothing but the store.</summary>
    public void Boot(int index)
    {
        var control = new Control(this, new Node(Simulation, $"node {index}") { Skew = Skew() }, _wits)
        {
            Converges = () => !IsLeased || Holder == index,
        };
        if (index < _controls.Count) _controls[index] = control;
        else _controls.Add(control);
        Simulation.Log($"node {index} starts");
        Simulation.At(control.Node, TimeSpan.Zero, control.Start);
    }

    public void Crash(int index)
    {
        Simulation.Log($"node {index} crashes");
        _controls[index].Node.Crash();
    }

    /// <summary>The lease goes to another node, or to nobody for a while. Nobody is asked whether it suits.</summary>
    public void HandOver(int? to)
    {
        Simulation.Log($"the lease goes to {(to is { } index ? $"node {index}" : "nobody")}");
        Holder = to;
        if (to is not { } holder) return;
        var control = _controls[holder];
        Simulation.At(control.Node, Simulation.Span(Calls.Faults.Latency), control.Wake);
    }

    public void StopFaults() => (Calls.Faults, Store.Faults) = (Faults.None, Faults.None);

    /// <summary>Targets tell of changes, but nobody relies on it: now and then they do not.</summary>
    public void Changed(Place place)
    {
        foreach (var control in _controls)
        {
            if (Calls.Faults.LoseReply > 0 && Simulation.Chance(Calls.Faults.LoseReply)) continue;
            Simulation.At(control.Node, Simulation.Span(Calls.Faults.Latency), () => control.Changed(place));
        }
    }

    public Exception? Failure { get; private set; }

    public void Fail(Exception e) => Failure ??= e;

    public void Rethrow()
    {
        if (Failure is { } e) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
    }

    /// <summary>Nothing runs or waits, every node knows it, and the world is as it is wanted.</summary>
    public bool IsQuiet() => Truth is { Run: null, Next: null } truth && Unlike(truth) is null;

    public string Describe() => Truth is var truth && truth.Run is { } run
        ? $"release {run.Release} is at step {run.At} ({run.Step}), {run.Mode} {run.Reason}"
        : Unlike(truth) ?? "it is quiet";

    string? Unlike(Service truth)
    {
        if (_controls.Any(control => control.Service?.Sequence != truth.Sequence)) return "a node is behind";
        if (Router.Gateways.Any(gateway => gateway.Value != truth.Want.Table.Value))
            return $"the route is {Router.Look().Value}, wanted is {truth.Want.Table.Value}";
        foreach (var wanted in truth.Want.Fleets)
            if (Fleets.Find(wanted.Fleet) is var fleet
                && ((fleet?.Size ?? 0) != wanted.Size || (fleet?.Live ?? 0) != wanted.Size))
                return $"{wanted.Fleet} has {fleet?.Live ?? 0}, wanted are {wanted.Size}";
        return truth.Want.Settings.FirstOrDefault(x => Settings.ValueOf(x.Name) != x.Value) is { } setting
            ? $"{setting.Name} is {Settings.ValueOf(setting.Name)}"
            : null;
    }

    TimeSpan Skew() => Simulation.Span(Swarm.SkewMax) - Swarm.SkewMax / 2;
}

/// <summary>One control plane: a real engine with real runners, on simulated ports.</summary>
public sealed class Control(World world, Node node, Wits wits)
{
    Engine? _engine;

    public Node Node => node;
    public required Func<bool> Converges { get; init; }
    public Service? Service => _engine?.Find(World.Name)?.Service;

    public async void Start()
    {
        var ports = new Ports(
            new NodeJournal(world.Journal, world.Store, world.Simulation, node, world.Reached),
            new NodeFleets(world.Fleets, world.Calls, node),
            new NodeRouter(world.Router, world.Calls, node),
            new NodeSettings(world.Settings, world.Calls, node),
            new NodeJobs(world.Jobs, world.Calls, node))
        {
            Metrics = new NodeMetrics(world.Metrics, world.Calls, node),
            Converges = Converges,
        };
        while (true)
        {
            var engine = new Engine(ports, node.Time, CancellationToken.None) { Wits = wits };
            engine.Failed += (_, e) => world.Fail(e);
            try
            {
                await engine.Start();
                _engine = engine;
                return;
            }
            catch (IOException)
            {
                engine.Dispose();
            }
        }
    }

    /// <summary>A target says that something has changed.</summary>
    public void Changed(Place place) => _engine?.Changed(World.Name, place);

    /// <summary>It holds the lease from now on.</summary>
    public void Wake() => _engine?.Wake();

    /// <summary>A person gives a command through this node, and again when no answer comes.</summary>
    public async void Order(Command command)
    {
        if (_engine is not { } engine) return;
        var mode = world.Truth.Run switch
        {
            null => "idle",
            { AwaitsApproval: true, Mode: Mode.Forward } => "at an approval",
            { } run => $"{run.Mode}",
        };
        var release = world.Truth.Run?.Release;
        var reply = await engine.Order(World.Name, command);
        if (reply.Defect is { } defect) world.Fail(defect);
        if (reply.Accepted && command is Command.Abort && !world.Journal.Knows(World.Name, command.Id))
            world.Invariants.Acknowledged(reply.Service, release);
        if (reply.Accepted && command is Command.Hold hold && !world.Journal.Knows(World.Name, command.Id))
            world.Invariants.Held(reply.Service, release, hold.At);
        world.Reached.Command(command.GetType().Name, mode, reply.Accepted);
        world.Simulation.Log($"{command.GetType().Name} {command.Id}: {reply.Refusal ?? "done"}");
    }
}
