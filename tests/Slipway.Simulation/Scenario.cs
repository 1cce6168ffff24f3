using Shouldly;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Simulation.World;
using Slipway.Specification;

namespace Slipway.Simulation;

/// <summary>
/// What random seeds find too rarely, or what they have found once: written by hand, on the same world. A seed is worth
/// nothing after the next commit, a scenario stays.
/// </summary>
public sealed record Scenario(string Name, Action<Stage> Script)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("a stop that comes late does not strike the fleet that traffic has gone back to", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Recreate());
            stage.HoldUp("resize r1 to 0", TimeSpan.FromSeconds(50));
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.For(TimeSpan.FromSeconds(5));
            stage.Order(new Command.Abort("a", false));
            stage.For(TimeSpan.FromMinutes(2));
            stage.Truth.History[^1].Outcome.ShouldBe(Outcome.Aborted);
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("a launch that hangs does not delay an abort", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Canary { Every = TimeSpan.FromSeconds(10) });
            stage.HoldUp("resize r2 to 2", TimeSpan.FromMinutes(10));
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth.Want.SizeOf(new(2)) == 2);
            stage.Order(new Command.Abort("a", false));
            stage.For(TimeSpan.FromSeconds(1));
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("a call that fails once is made again after its rest, not at the next look", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Canary { Every = TimeSpan.FromMinutes(10) });
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth.Run is { Step: Plans.Step.Wait });
            stage.World.Calls.Refused = "route";
            stage.Order(new Command.Hold("h", Routing.Share.None));
            stage.For(TimeSpan.FromSeconds(1));
            stage.World.Calls.Refused.ShouldBeNull("the first call was refused");
            stage.World.Router.Look().Value.Rest.ShouldBe(Routing.Target.All(new(1)));
        }),
        new("a route that was changed by hand is put back, and so is a size", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Recreate());
            stage.World.Router.ChangeByHand();
            stage.World.Fleets.ChangeByHand();
            stage.For(TimeSpan.FromMinutes(3));
            stage.World.IsQuiet().ShouldBeTrue(stage.World.Describe());
        }),
        new("an approval is waited for across a restart, and a promotion does not replace it", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.BlueGreen { Promote = Promote.Manual });
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth.Run is { AwaitsApproval: true });
            stage.Order(new Command.Promote("p", true));
            stage.World.Crash(0);
            stage.World.Boot(0);
            stage.For(TimeSpan.FromMinutes(5));
            stage.Truth.Run.ShouldNotBeNull().AwaitsApproval.ShouldBeTrue();
        }),
        new("a gate that fails turns a paused release back", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Canary { Every = TimeSpan.FromMinutes(10) });
            stage.Order(new Command.Deploy("d2", new("2.0-bad")));
            stage.Until(() => stage.Truth.Run is { Step: Plans.Step.Wait });
            stage.Order(new Command.Pause("p"));
            stage.For(TimeSpan.FromMinutes(3));
            stage.Truth.History[^1].Reason.ShouldBe(Reason.GateFailed);
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("a metric source that is silent rolls nothing back, and the release asks a person", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Canary { Every = TimeSpan.FromSeconds(30) });
            stage.World.Metrics.Silent = true;
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.For(TimeSpan.FromMinutes(10));
            stage.Truth.Run.ShouldNotBeNull().Reason.ShouldBe(Reason.Undecided);
        }),
        new("a gate that fails within the hour after a release undoes it", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.BlueGreen());
            stage.Order(new Command.Deploy("d2", new("2.0-bad")));
            stage.For(TimeSpan.FromMinutes(5));
            stage.Truth.History[^1].Kind.ShouldBe(RunKind.Undo);
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("a rolling release keeps nothing warm, and a gate that fails afterwards undoes it all the same", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Rolling { Batch = 4, MaxSurge = CountOrPercent.Percent(100) });
            stage.Order(new Command.Deploy("d2", new("2.0-bad")));
            stage.For(TimeSpan.FromMinutes(5));
            var undone = stage.Truth.History[^1];
            (undone.Kind == RunKind.Undo || undone.Outcome == Outcome.RolledBack).ShouldBeTrue($"{undone}");
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("an outage long after a release is told, and goes back to what is warm when it lasts", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.BlueGreen());
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth is { Run: null, Previous: not null });
            stage.For(TimeSpan.FromSeconds(95));
            stage.World.Metrics.Outage = true;
            stage.Until(() => stage.Truth.Guard is { ToldAt: not null });
            stage.Truth.Run.ShouldBeNull();
            stage.For(TimeSpan.FromSeconds(60));
            stage.Truth.History[^1].Kind.ShouldBe(RunKind.Undo);
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
        new("an outage that passes is told and undoes nothing", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.BlueGreen());
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth is { Run: null, Previous: not null });
            stage.For(TimeSpan.FromSeconds(95));
            stage.World.Metrics.Outage = true;
            stage.Until(() => stage.Truth.Guard is { ToldAt: not null });
            stage.World.Metrics.Outage = false;
            stage.For(TimeSpan.FromMinutes(10));
            stage.World.Router.Look().Value.ToString().ShouldBe("r2 100 %");
        }),
        new("an outage where nothing is warm is told, and nothing is done", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.Recreate());
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth is { Run: null, Guard: not null });
            stage.For(TimeSpan.FromSeconds(95));
            stage.World.Metrics.Outage = true;
            stage.For(TimeSpan.FromMinutes(10));
            stage.Truth.Guard.ShouldNotBeNull().ToldAt.ShouldNotBeNull();
            stage.World.Router.Look().Value.ToString().ShouldBe("r2 100 %");
        }),
        new("an undo of a warm version is one change of the route", stage =>
        {
            stage.Deploy("1.0", new StrategySpec.BlueGreen());
            stage.Order(new Command.Deploy("d2", new("2.0")));
            stage.Until(() => stage.Truth is { Run: null, Previous: not null });
            stage.Order(new Command.Undo("u", null));
            stage.For(TimeSpan.FromSeconds(1));
            stage.Truth.Run.ShouldBeNull();
            stage.World.Router.Look().Value.ToString().ShouldBe("r1 100 %");
        }),
    ];

    /// <summary>What went wrong; null when nothing did.</summary>
    public Exception? Play(Wits wits)
    {
        try
        {
            Script(new Stage(wits));
            return null;
        }
        catch (Exception e) when (e is Harness.Violation or ShouldAssertException or BrokenInvariantException)
        {
            return e;
        }
    }

    public override string ToString() => Name;
}

/// <summary>A calm world with one node, and what a script may do in it.</summary>
public sealed class Stage
{
    readonly Harness.Simulation _simulation = new(1);

    public Stage(Wits wits)
    {
        World = new World.World(_simulation, Swarm.Calm, wits);
        World.Boot(0);
        For(TimeSpan.FromSeconds(1));
    }

    public World.World World { get; }
    public Service Truth => World.Truth;

    /// <summary>Four instances of a first version are live, and the next ones come by this strategy.</summary>
    public void Deploy(string version, StrategySpec strategy)
    {
        var spec = new ServiceSpec
        {
            Service = Simulation.World.World.Name,
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Replicas = 4,
            Strategy = strategy,
            Gates =
            [
                new GateSpec(new GateRule.Compare(Metric.ErrorRate, 0.005)),
                new GateSpec(new GateRule.Limit(Metric.ErrorRate, Max: 0.01)),
            ],
        };
        Order(new Command.Register("r", spec));
        Order(new Command.Deploy("d1", new(version)));
        Until(() => Truth is { Run: null, Stable: not null });
    }

    /// <summary>Calls that begin like this take so long.</summary>
    public void HoldUp(string call, TimeSpan time) =>
        World.Calls.HeldUp = name => name.StartsWith(call, StringComparison.Ordinal) ? time : null;

    public void Order(Command command)
    {
        _simulation.At(World.Controls[0].Node, TimeSpan.Zero, () => World.Controls[0].Order(command));
        For(TimeSpan.FromMilliseconds(500));
    }

    public void For(TimeSpan time)
    {
        var end = _simulation.Now + time;
        _simulation.RunUntil(() => _simulation.Now >= end || World.Failure is not null, time);
        World.Rethrow();
    }

    public void Until(Func<bool> done)
    {
        _simulation.RunUntil(() => done() || World.Failure is not null, TimeSpan.FromMinutes(30))
            .ShouldBeTrue(World.Describe());
        World.Rethrow();
    }
}
