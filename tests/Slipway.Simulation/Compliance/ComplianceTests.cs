using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Simulation.World;
using Slipway.Support;

namespace Slipway.Simulation.Compliance;

/// <summary>
/// A calm world whose targets are asked directly, without a wire: what a simulation rests on is proven like the real
/// ones.
/// </summary>
sealed class Quiet
{
    readonly Harness.Simulation _simulation = new(1);

    public Quiet()
    {
        World = new World.World(_simulation, Swarm.Calm, new());
        World.Invariants.Unasked = true;
    }

    public World.World World { get; }

    public void Until(Func<bool> fact)
    {
        if (!_simulation.RunUntil(fact, TimeSpan.FromMinutes(1)))
            throw new TimeoutException("It has not come in a simulated minute.");
    }

    /// <summary>What a target refuses is thrown where it is awaited, as over a wire.</summary>
    public static Task<T> Answer<T>(Func<T> ask)
    {
        try
        {
            return Task.FromResult(ask());
        }
        catch (Exception e) when (e is OutdatedException or ArgumentException)
        {
            return Task.FromException<T>(e);
        }
    }
}

public sealed class SimJournalTests : JournalCompliance, IJournal
{
    readonly SimJournal _journal = new Quiet().World.Journal;

    /// <summary>The simulated one lives on one thread; the suite does not.</summary>
    readonly Lock _gate = new();

    protected override IJournal Journal => this;

    Task<Seq<StreamHead>> IJournal.Streams(CancellationToken cancel) => Answer(_journal.Heads);

    Task<Seq<Recorded>> IJournal.Read(string stream, long after, CancellationToken cancel) =>
        Answer(() => _journal.Read(stream, after));

    Task<bool> IJournal.Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
        cancel.IsCancellationRequested
            ? Task.FromCanceled<bool>(cancel)
            : Answer(() => _journal.Append(stream, expected, events));

    Task<Seq<SavedFold>> IJournal.Snapshots(int stateVersion, CancellationToken cancel) =>
        Answer(() => _journal.Snapshots(stateVersion));

    Task IJournal.Save(SavedFold fold, CancellationToken cancel) => Answer(() => _journal.Save(fold));

    IDisposable IJournal.Watch(Action<string> grown)
    {
        _journal.Watch(grown);
        return new Watching(() => _journal.Unwatch(grown));
    }

    Task<T> Answer<T>(Func<T> ask)
    {
        lock (_gate) return Quiet.Answer(ask);
    }

    sealed class Watching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

public sealed class SimFleetsTests : FleetsCompliance, IFleets
{
    readonly Quiet _quiet = new();

    protected override IFleets Fleets => this;

    protected override Revision Revision(int number) => new(number, $"1.{number}", new()
    {
        Service =
        Service,
        Runtime = new Specification.RuntimeSpec.Process(["shop"])
    });

    protected override Task Until(Func<Seq<SeenFleet>, bool> fact)
    {
        _quiet.Until(() => fact(_quiet.World.Fleets.Look()));
        return Task.CompletedTask;
    }

    Task IFleets.Resize(FleetOrder order, CancellationToken cancel) =>
        Quiet.Answer(() => _quiet.World.Fleets.Resize(order));

    Task<Seq<SeenFleet>> IFleets.Look(string service, CancellationToken cancel) =>
        Quiet.Answer(_quiet.World.Fleets.Look);
}

public sealed class SimRouterTests : RouterCompliance, IRouter
{
    readonly Quiet _quiet = new();

    protected override IRouter Router => this;

    Task IRouter.Apply(RouteOrder order, CancellationToken cancel) =>
        Quiet.Answer(() => _quiet.World.Router.Apply(order));

    Task<SeenTable> IRouter.Look(string service, CancellationToken cancel) => Quiet.Answer(_quiet.World.Router.Look);
}

public sealed class SimSettingsTests : SettingsCompliance, ISettings
{
    readonly Quiet _quiet = new();

    protected override ISettings Settings => this;

    Task ISettings.Set(SettingOrder order, CancellationToken cancel) =>
        Quiet.Answer(() => _quiet.World.Settings.Set(order));

    Task<Seq<SeenSetting>> ISettings.Look(string service, CancellationToken cancel) =>
        Quiet.Answer(_quiet.World.Settings.Look);
}
