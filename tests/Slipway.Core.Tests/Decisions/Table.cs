using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>
/// A service on paper: decisions are folded at once, and the world is always as it is wanted, unless a test says
/// otherwise.
/// </summary>
public sealed class Table
{
    int _commands;

    /// <summary>Everything that was decided.</summary>
    public List<Recorded> Journal { get; } = [];

    public Service Service { get; private set; } = new("shop");
    public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>How the world differs from what is wanted.</summary>
    public Func<Seen, Seen> Look { get; set; } = seen => seen;

    public static Table With(StrategySpec strategy, Func<ServiceSpec, ServiceSpec>? change = null)
    {
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Replicas = 4,
            Strategy = strategy,
            Schema = new("${SHOP_DB}", "schema"),
        };
        var table = new Table();
        table.Order(id => new Command.Register(id, change?.Invoke(spec) ?? spec));
        return table;
    }

    /// <summary>A first version is live; whoever has to approve it does.</summary>
    public Table Live(string version = "1.0")
    {
        Deploy(version);
        Until(service => service.Run is null or { AwaitsApproval: true });
        if (Service.Run is { Step: Step.Ask { Question: Question.Approval asked } })
            Order(id => new Command.Approve(id, "fine") { Roles = asked.By });
        return Until(service => service.Run is null);
    }

    public Decision Deploy(string version, DateTimeOffset? commit = null) =>
        Order(id => new Command.Deploy(id, new(version) { CommitTime = commit }));

    public Decision Order(Func<string, Command> make) => Order(make($"c{++_commands}"));

    public Decision Order(Command command)
    {
        var decision = Mind.Decide(Service, Seen, command, Now);
        Fold(decision, command);
        return decision;
    }

    /// <summary>One decision without a command.</summary>
    public Decision Turn()
    {
        var decision = Mind.Decide(Service, Seen, null, Now);
        Fold(decision, null);
        return decision;
    }

    /// <summary>Time passes, checks pass, the world obeys.</summary>
    public Table Until(Func<Service, bool> done)
    {
        for (var turns = 0; !done(Service); turns++)
        {
            if (turns > 200_000)
                throw new InvalidOperationException($"It never comes: {Service.Run?.Step} {Service.Run?.Mode}");
            if (Turn().Events.Count > 0) continue;
            if (Service.Run is { Step: Step.Ask { Question: not Question.Approval }, Answer: null } run)
                Order(id => new Command.Report(id, run.Entered, true, "fine"));
            else Now += TimeSpan.FromSeconds(1);
        }

        return this;
    }

    public Seen Seen => Look(new Seen
    {
        Fleets = Service.Want.Fleets
            .Select(x => new SeenFleet(x.Fleet, x.Size, x.Since, x.Size, x.Size, x.Size, 0))
            .ToSeq(),
        Table = new SeenTable(Service.Want.Table.Value, Service.Want.Table.Since),
        Settings = Service.Want.Settings.Select(x => new SeenSetting(x.Name, x.Value, x.Since)).ToSeq(),
    });

    void Fold(Decision decision, Command? command)
    {
        List<Recorded> recorded = [.. decision.Events.Select((e, i) => new Recorded(Service.Sequence + 1 + i, Now, e)
        {
            Command = i == 0 && decision.Settles ? command?.Said : null,
        })];
        Journal.AddRange(recorded);
        Service = Service.Apply(recorded);
    }
}
