using Slipway.Adapters.Checks;
using Slipway.Adapters.Files;
using Slipway.Adapters.Processes;
using Slipway.Adapters.Sqlite;
using Slipway.Decisions;
using Slipway.Running;
using Slipway.Releases;

namespace Slipway.EndToEnd;

/// <summary>
/// A control plane as it runs on one machine. Disposing it is its death: instances and the forwarder live on.
/// </summary>
sealed class Platform : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly SqliteJournal _journal;
    readonly CheckJobs _jobs;
    readonly Forwarder _forwarder;
    readonly Lock _members = new();
    bool _over;

    Platform(string data, string root, Forwarder forwarder)
    {
        _forwarder = forwarder;
        _journal = SqliteJournal.Open(data);
        Fleets = ProcessFleets.Open(new ProcessSettings(data)
        {
            Root = root, Drained = (_, member, cancel) => forwarder.Drained(member, cancel),
        });
        var settings = new FileSettings(data);
        _jobs = new CheckJobs(new() { Root = root }, Fleets, forwarder);
        Engine = new Engine(new(_journal, Fleets, forwarder, settings, _jobs) { Metrics = forwarder },
            TimeProvider.System, _stop.Token);
        Fleets.Changed += FleetsChanged;
        forwarder.Changed += ForwarderChanged;
        settings.Changed += service => Engine.Changed(service, Place.Settings);
        Engine.Failed += (_, e) => Failure = e;
    }

    public ProcessFleets Fleets { get; }
    public Engine Engine { get; }
    public Exception? Failure { get; private set; }
    public Service Service => Engine.Find(Shop.Name)!.Service;

    public static async Task<Platform> Start(string data, string root, Forwarder forwarder)
    {
        var platform = new Platform(data, root, forwarder);
        platform.Introduce();
        await platform.Engine.Start();
        return platform;
    }

    public async Task Order(Command command) => (await Engine.Order(Shop.Name, command)).Refusal.ShouldBeNull();

    /// <summary>Awaits the moment when the service and what is seen of it are so.</summary>
    public async Task<Service> Until(string what, Func<Runner, bool> fact)
    {
        var reached = new TaskCompletionSource<Service>(TaskCreationOptions.RunContinuationsAsynchronously);
        Engine.Moved += Look;
        try
        {
            if (Engine.Find(Shop.Name) is { } runner) Look(runner);
            return await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{what} has not come: {Describe()}", Failure);
        }
        finally
        {
            Engine.Moved -= Look;
        }

        void Look(Runner runner)
        {
            if (fact(runner)) reached.TrySetResult(runner.Service);
        }
    }

    public async Task<IReadOnlyList<Event>> Events() =>
        [.. (await _journal.Read(Shop.Name, 0, CancellationToken.None)).Select(recorded => recorded.Event)];

    public async ValueTask DisposeAsync()
    {
        if (_over) return;
        _over = true;
        _forwarder.Changed -= ForwarderChanged;
        Fleets.Changed -= FleetsChanged;
        await _stop.CancelAsync();
        Engine.Dispose();
        Fleets.Dispose();
        _jobs.Dispose();
        await _journal.DisposeAsync();
        _stop.Dispose();
    }

    void FleetsChanged(string service)
    {
        Introduce();
        Engine.Changed(service, Place.Fleets);
    }

    /// <summary>One at a time: two looks at the members must not arrive in the wrong order.</summary>
    void Introduce()
    {
        lock (_members) _forwarder.Know(Fleets.Members(Shop.Name));
    }

    void ForwarderChanged(Place place) => Engine.Changed(Shop.Name, place);

    string Describe() =>
        $"{Service.Run?.Mode} at {Service.Run?.Step}, {Service.Run?.Why}; "
        + $"{string.Join(", ", Fleets.Instances(Shop.Name))}; {Engine.Find(Shop.Name)?.Seen}";
}
