using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Simulation.Harness;
using Slipway.Specification;

namespace Slipway.Simulation.World;

/// <summary>Those who deploy, stop, change their minds, and answer approvals late or never.</summary>
public sealed class People(World world)
{
    readonly Harness.Simulation _s = world.Simulation;
    int _commands;
    int _versions;

    public Func<Harness.Simulation, ServiceSpec> Spec { get; init; } = Specs.Draw;

    public void Register() => Order(id => new Command.Register(id, Spec(_s)));

    public void Deploy(string kind = "") => Order(id => new Command.Deploy(id, new($"1.{++_versions}.0{kind}")));

    /// <summary>Something that people do, at random; mostly they let a release run.</summary>
    public void Act()
    {
        var run = world.Truth.Run;
        if (run is null)
        {
            Idle();
            return;
        }

        if (run.AwaitsApproval)
        {
            if (!world.Swarm.NobodyApproves) Answer(run);
            return;
        }

        switch (_s.Next(18))
        {
            case 0 or 13: Order(id => new Command.Abort(id, _s.Chance(300))); break;
            case 1: Order(id => new Command.Pause(id)); break;
            case 2: Order(id => new Command.Promote(id, false)); break;
            case 3: Order(id => new Command.Promote(id, true)); break;
            case 4: Order(id => new Command.Hold(id, Share.Percent(_s.Next(20)))); break;
            case 5: Order(id => new Command.Undo(id, null)); break;
            case 6: Deploy(); break;
            case 7: Register(); break;
            case 8: Order(id => new Command.Restart(id)); break;
            case 9: Order(id => new Command.Reject(id, "no")); break;
            case 14 when _s.Chance(300): Order(id => new Command.Recall(id, run.Release, "it looks odd")); break;
            case 10 or 11 or 12 when run.Mode == Mode.Paused: Order(id => new Command.Resume(id)); break;
        }
    }

    /// <summary>Once faults have ceased, people do what is asked of them.</summary>
    public void Help()
    {
        if (world.Truth.Run is not { } run) return;
        if (run.AwaitsApproval) Approve();
        else if (run.Mode == Mode.Paused)
            Order(id => _s.Chance(300) ? new Command.Abort(id, false) : new Command.Resume(id));
    }

    void Idle()
    {
        switch (_s.Next(16))
        {
            case 0 when world.Truth.Stable is not null: Order(id => new Command.Undo(id, null)); break;
            case 1 when world.Truth.Revisions is { Count: > 0 and var last }:
                Order(id => new Command.Undo(id, _s.Between(1, last)));
                break;
            case 2: Order(id => new Command.Restart(id)); break;
            case 3: Order(id => new Command.Purge(id, "users.name")); break;
            case 4: Order(id => new Command.Pause(id)); break;
            case 5 when _s.Chance(200): Order(id => new Command.Remove(id)); break;
            case < 9: Register(); break;
            default: Deploy(_s.Pick("", "", "-broken", "-bad", "-bad", "-bad", "-bad")); break;
        }
    }

    void Answer(Run run)
    {
        switch (_s.Next(6))
        {
            case 0: Order(id => new Command.Reject(id, "not today")); break;
            case 1: Order(id => new Command.Promote(id, true)); break;
            case 2: Order(id => new Command.Abort(id, false)); break;
            case 3 or 4: Approve(); break;
        }
    }

    void Approve() => Order(id =>
    {
        world.Invariants.Approved(id);
        return new Command.Approve(id, "fine by me");
    });

    void Order(Func<string, Command> make)
    {
        var command = make($"c{++_commands}") with { By = "ann" };
        _s.Log($"ann: {command.GetType().Name} {command.Id}");
        var control = world.Controls[_s.Next(world.Controls.Count)];
        _s.At(control.Node, TimeSpan.Zero, () => control.Order(command));
        // Nobody knows whether an order was heard: it is given again, perhaps to another node.
        if (_s.Chance(300))
        {
            world.Reached.Fault("command given twice");
            var other = world.Controls[_s.Next(world.Controls.Count)];
            _s.At(other.Node, _s.Span(TimeSpan.FromSeconds(2)), () => other.Order(command));
        }
    }
}
