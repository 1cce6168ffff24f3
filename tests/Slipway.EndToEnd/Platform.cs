using Slipway.Adapters.Checks;
using Slipway.Adapters.Files;
using Slipway.Adapters.Gateway;
using Slipway.Adapters.Processes;
using Slipway.Adapters.Sqlite;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.EndToEnd;

/// <summary>
/// A control plane as it runs on one machine. Disposing it is its death: instances and the gateway live on.
/// </summary>
sealed class Platform : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly SqliteJournal _journal;
    readonly CheckJobs _jobs;
    readonly Gateways _gateways;
    readonly GatewayMembers _members;
    readonly GatewayMetrics _metrics;
    readonly GatewaySites _sites;
    bool _over;

    Platform(string data, string root, Front front)
    {
        _gateways = new([front.Place]);
        _members = new(_gateways, TimeProvider.System);
        _metrics = new(_gateways, TimeProvider.System);
        _sites = new(_gateways, TimeProvider.System);
        var router = new GatewayRouter(_gateways);
        _journal = SqliteJournal.Open(data);
        Fleets = ProcessFleets.Open(new ProcessSettings(data)
        {
            Root = root,
            Members = _members,
        });
        var settings = new FileSettings(data);
        _jobs = new CheckJobs(new() { Root = root }, Fleets, _metrics);
        Engine = new Engine(new(_journal, Fleets, router, settings, _jobs) { Metrics = _metrics },
            TimeProvider.System, _stop.Token);
        Fleets.Changed += FleetsChanged;
        router.Changed += service => Engine.Changed(service, Place.Routes);
        _metrics.Counted += Counted;
        settings.Changed += service => Engine.Changed(service, Place.Settings);
        Engine.Failed += (_, e) => Failure = e;
    }

    public ProcessFleets Fleets { get; }
    public Engine Engine { get; }
    public Exception? Failure { get; private set; }
    public Service Service => Engine.Find(Shop.Name)!.Service;

    public static async Task<Platform> Start(string data, string root, Front front, ServiceSpec spec)
    {
        await front.Open();
        var platform = new Platform(data, root, front);
        await platform._sites.Open(spec);
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
        _metrics.Counted -= Counted;
        Fleets.Changed -= FleetsChanged;
        await _stop.CancelAsync();
        Engine.Dispose();
        Fleets.Dispose();
        _jobs.Dispose();
        _metrics.Dispose();
        await _members.DisposeAsync();
        await _sites.DisposeAsync();
        _gateways.Dispose();
        await _journal.DisposeAsync();
        _stop.Dispose();
    }

    void FleetsChanged(string service) => Engine.Changed(service, Place.Fleets);

    void Counted() => Engine.Changed(Shop.Name, Place.Metrics);

    string Describe() =>
        $"{Service.Run?.Mode} at {Service.Run?.Step}, {Service.Run?.Why}; "
        + $"{string.Join(", ", Fleets.Instances(Shop.Name))}; {Engine.Find(Shop.Name)?.Seen}";
}
