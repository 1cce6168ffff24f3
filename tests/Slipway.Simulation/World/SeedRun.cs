using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>
/// One seed: a while under faults, in which nothing wrong may happen; then the faults stop and everything must come to
/// an end.
/// </summary>
public static class SeedRun
{
    static readonly TimeSpan Trouble = TimeSpan.FromMinutes(4);
    static readonly TimeSpan Calm = TimeSpan.FromHours(3);

    public sealed record Result(ulong Seed, ulong Fingerprint, Reached Reached, Exception? Failure)
    {
        public string? Invariant => Failure is Violation violation ? violation.Invariant : Failure?.GetType().Name;
    }

    public static Result Run(ulong seed, Wits? wits = null, Action<string>? trace = null)
    {
        var simulation = new Harness.Simulation(seed) { Trace = trace };
        var swarm = Swarm.Draw(simulation);
        var world = new World(simulation, swarm, wits ?? new Wits());
        try
        {
            Play(world);
            return new(seed, simulation.Fingerprint, world.Reached, null);
        }
        catch (Exception e)
        {
            return new(seed, simulation.Fingerprint, world.Reached, e);
        }
    }

    static void Play(World world)
    {
        var (s, swarm, people) = (world.Simulation, world.Swarm, new People(world));
        for (var node = 0; node < swarm.Nodes; node++) world.Boot(node);
        world.Ground(TimeSpan.FromSeconds(1), people.Register);
        world.Ground(TimeSpan.FromSeconds(2), () => people.Deploy());

        var end = s.Now + Trouble;
        world.Invariants.Entering = () =>
        {
            if (s.Now < end && s.Chance(swarm.Impatience))
                world.Ground(s.Span(TimeSpan.FromMilliseconds(300)), people.Act);
        };
        Disturb(world, people, end);
        s.RunUntil(() => s.Now >= end, Trouble + TimeSpan.FromMinutes(1));
        world.Rethrow();

        s.Log("faults cease");
        world.StopFaults();
        world.Metrics.Silent = world.Metrics.SplitsWrong = world.Metrics.Outage = false;
        for (var node = 0; node < swarm.Nodes; node++)
        {
            world.Crash(node);
            world.Boot(node);
        }

        if (world.IsLeased) world.HandOver(s.Next(swarm.Nodes));
        Help(world, people);
        if (!s.RunUntil(() => world.IsQuiet() || world.Failure is not null, Calm))
            world.Invariants.Stuck(world.Describe());
        world.Rethrow();
        world.Invariants.Settled(world.Journal, world.Controls.Select(control => control.Service!));
    }

    static void Disturb(World world, People people, DateTimeOffset end)
    {
        var (s, swarm) = (world.Simulation, world.Swarm);
        world.Ground(TimeSpan.FromMilliseconds(s.Between(500, 4000)), () =>
        {
            if (s.Now >= end || world.Failure is not null) return;
            if (s.Chance(swarm.Crashes)) Crash(world);
            if (s.Chance(swarm.Deaths) && world.Fleets.Kill()) world.Reached.Fault("instance dies");
            if (s.Chance(swarm.Meddling) && world.Fleets.ChangeByHand()) world.Reached.Fault("size changed by hand");
            if (s.Chance(swarm.Meddling) && world.Router.ChangeByHand()) world.Reached.Fault("table changed by hand");
            if (s.Chance(swarm.ClockJumps)) Jump(world);
            if (s.Chance(swarm.MetricsDown)) Silence(world);
            if (s.Chance(swarm.Outages)) Fail(world);
            if (world.IsLeased && s.Chance(100)) HandOver(world);
            if (s.Chance(world.Truth.Run is null ? 300 : 60)) people.Act();
            else if (world.Truth.Run is { AwaitsApproval: true } && s.Chance(200)) people.Act();
            Disturb(world, people, end);
        });
    }

    static void Crash(World world)
    {
        var node = world.Simulation.Next(world.Swarm.Nodes);
        world.Reached.Fault("crash");
        world.Crash(node);
        world.Boot(node);
    }

    static void HandOver(World world)
    {
        world.Reached.Fault("lease moves");
        world.HandOver(world.Simulation.Chance(300) ? null : world.Simulation.Next(world.Swarm.Nodes));
    }

    static void Silence(World world)
    {
        world.Reached.Fault("metric source down");
        if (world.Simulation.Chance(500)) world.Metrics.BeginAnew();
        else world.Metrics.Silent = !world.Metrics.Silent;
    }

    static void Fail(World world)
    {
        world.Reached.Fault("outage");
        world.Metrics.Outage = true;
        world.Ground(world.Simulation.Span(TimeSpan.FromMinutes(4)), () => world.Metrics.Outage = false);
    }

    static void Jump(World world)
    {
        var node = world.Controls[world.Simulation.Next(world.Swarm.Nodes)].Node;
        node.Skew += world.Simulation.Span(TimeSpan.FromMinutes(2)) - TimeSpan.FromMinutes(1);
        world.Reached.Fault("clock jumps");
    }

    static void Help(World world, People people) => world.Ground(TimeSpan.FromSeconds(15), () =>
    {
        if (world.Failure is not null) return;
        people.Help();
        Help(world, people);
    });
}
