using System.Net;
using Slipway.Adapters.Checks;
using Slipway.Adapters.Gateway;
using Slipway.Adapters.Postgres;
using Slipway.Adapters.Processes;
using Slipway.Adapters.Sources;
using Slipway.Api;
using Slipway.Client;
using Slipway.Gateway.Life;
using Slipway.Notices;
using Slipway.Reports;
using Slipway.Running;
using Slipway.Specification;
using Place = Slipway.Running.Place;

namespace Slipway;

/// <summary>
/// The control plane of one machine, put together: what it remembers, what it moves, who may ask. Its end ends nothing
/// that users see: instances and the gateway live on, and the next life takes them up again.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    static readonly TimeSpan ActAgain = TimeSpan.FromSeconds(1);

    readonly ControlSettings _settings;
    readonly Listening _listening;
    readonly CancellationTokenSource _stop = new();
    readonly Store _store;
    readonly Acting _acting;
    readonly TaskCompletionSource<StoreNode> _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly GatewayKeeper _keeper;
    readonly Gateways _gateways;
    readonly GatewayMembers _members;
    readonly GatewayMetrics _metrics;
    readonly GatewayRouter _router;
    readonly GatewayTraffic _traffic;
    readonly GatewaySites _sites;
    readonly Admission _admission;
    readonly ProcessFleets _fleets;
    readonly CheckJobs _jobs;
    readonly SourceMetrics _sources;
    readonly NoticeDesk _notices;
    readonly Recalls _recalls;
    readonly PostMortems.PostMortems _postMortems;
    readonly LiveReports _live;
    ApiServer? _api;
    volatile bool _begun;

    ControlPlane(ControlSettings settings, Store store)
    {
        (_settings, _store) = (settings, store);
        _listening = Listening.Parse(settings.Listen)!;
        var (data, time) = (settings.Data, settings.Time);
        _acting = new(data, store.Lease, time);
        var folder = new GatewayFolder(GatewayFolderOf(data));
        _keeper = new(folder.Path, settings.Program, time, settings.Tell) { AccessLog = settings.AccessLog };
        _gateways = new([new("gateway", new(folder.Control), folder.Secret)]);
        _members = new(_gateways, time);
        _metrics = new(_gateways, time);
        _router = new(_gateways);
        _traffic = new(_gateways, time);
        _sites = new(_gateways, time);
        _admission = new(_sites);
        _fleets = new(new ProcessSettings(data) { Members = _members, Time = time });
        _sources = new(new ProcessMetrics(_metrics, _fleets), new(name => Engine?.Find(name)?.Service)
        {
            Time = time,
            Tell = settings.Tell,
        });
        var checks = new CheckSettings { Time = time };
        _jobs = new(checks, _fleets, _sources);
        var ports = new Ports(store.Journal, _fleets, _router, store.Settings, _jobs) { Metrics = _sources };
        Engine = new(ports with { Converges = () => _acting.Now }, time, _stop.Token);
        _live = new(name => Engine.Find(name)?.Service, _fleets, _traffic);
        _notices = new(new(store.Journal, new(Environment.GetEnvironmentVariable, time), new(data))
        {
            Time = time,
            Tell = settings.Tell,
        });
        _postMortems = new(new(Path.Combine(data, "post-mortems"), Engine, store.Journal, _sources)
        {
            Instances = _live.Instances,
            Logs = _fleets.LogsOf,
            Traffic = _live.Traffic,
            Time = time,
            Acts = () => _acting.Now,
            Tell = settings.Tell,
        });
        _recalls = new(Engine, checks, () => _acting.Now);
        Listen();
    }

    public Engine Engine { get; }

    /// <summary>Where it is asked from anywhere that it can be reached from.</summary>
    public string Url => _listening.UrlFor(new Uri(_api!.Url).Port);

    IPEndPoint Point => new(_listening.Point.Address, new Uri(_api!.Url).Port);

    /// <summary>Where this machine itself asks it.</summary>
    public Uri OwnUrl => _listening.OwnUrl(new Uri(_api!.Url).Port);

    /// <summary>The node that keeps the services, when it is another one: this one stands by.</summary>
    public StoreNode? Keeper => _store.Lease?.Other;

    /// <summary>
    /// Ends when another node keeps what this one has kept: it was silent for too long. To stand by, it starts anew.
    /// </summary>
    public Task<StoreNode> Replaced => _replaced.Task;

    /// <exception cref="JournalException">The journal is another's, damaged, or newer than this program.</exception>
    /// <exception cref="IOException">An address is taken, or a file cannot be used.</exception>
    /// <exception cref="FormatException">It cannot be listened there, or not without a token.</exception>
    public static async Task<ControlPlane> Start(ControlSettings settings, CancellationToken cancel)
    {
        if (Listening.Problem(settings.Listen, settings.Token is not null) is { } wrong)
            throw new FormatException($"{wrong.What}. {wrong.Advice}");
        var gateway = GatewayFolderOf(settings.Data);
        if (new GatewayFolder(gateway).Problem is { } folder) throw new IOException(folder);
        Directory.CreateDirectory(settings.Data);
        var store = await Store.Open(settings, cancel);
        // Asked before anything is started: a gateway would outlive a start that fails.
        if (Addresses.Problem(settings.Listen, gateway) is { } taken)
        {
            await store.DisposeAsync();
            throw new IOException($"{taken.What}. {taken.Advice} It is chosen with --listen.");
        }

        var plane = new ControlPlane(settings, store);
        try
        {
            if (plane._store.Lease is null) await plane._acting.Begin(plane.TakeUp, settings.Tell, cancel);
            await plane.Engine.Start();
            plane.Follow();
            plane._api = await ApiServer.Start(new(plane.Engine, plane._store.Journal)
            {
                Instances = plane._live.Instances,
                Logs = plane._fleets.LogsOf,
                Traffic = plane._live.Traffic,
                Taken = listen => Addresses.Problem(listen, gateway, plane.Point),
                Counted = plane._gateways.Counted,
                Silent = plane._sources.Problem,
                Hindered = plane._sites.TroubleOf,
                Try = plane._notices.Try,
                PostMortem = plane._postMortems.Find,
                Approvals = new(settings.Data, () => settings.Address ?? plane.Url),
                Missing = (spec, version) => Builds.Problem(spec, settings.Data, version),
                Time = settings.Time,
                Token = settings.Token,
                Tell = settings.Tell,
                HasBegun = () => plane._begun,
                Seeing = () => plane.Keeper is { } node ? new(node.Url) : null,
            }, $"{plane._listening.Point}", cancel);
            if (plane._store.Lease is { } lease) plane.Share(lease);
        }
        catch
        {
            await plane.EndGateway(); // one that this start has begun: it would be left alone
            await plane.DisposeAsync();
            throw;
        }

        return plane;
    }

    /// <summary>Where the gateway of a control plane has its own files.</summary>
    public static string GatewayFolderOf(string data) => Path.GetFullPath(Path.Combine(data, "gateway"));

    void Share(PostgresLease lease)
    {
        lease.Announce(Url);
        lease.Lost += other => _replaced.TrySetResult(other);
        lease.Taken += () => _ = Act();
        if (lease.IsHeld) _ = Act();
    }

    /// <summary>The services are ours to keep, perhaps once more.</summary>
    async Task Act()
    {
        while (_store.Lease is { IsHeld: true })
            try
            {
                var began = _acting.TookUp;
                if (!await _acting.Begin(TakeUp, _settings.Tell, _stop.Token)) return;
                if (!began) _settings.Tell($"this node keeps the services now: {Url}");
                Follow();
                Engine.Wake();
                return;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _settings.Tell($"the services cannot be taken up, which is tried again: {e.Message}");
                await Task.Delay(ActAgain, _settings.Time);
            }
    }

    async Task TakeUp()
    {
        await _keeper.Start(_stop.Token);
        _fleets.TakeUp();
    }

    /// <summary>The services that it was started with are known to it: from now on it says that it is ready.</summary>
    public void HasBegun() => _begun = true;

    /// <summary>The gateway's process; none while there is no gateway.</summary>
    public int? GatewayPid => new GatewayFolder(GatewayFolderOf(_settings.Data)).Process();

    /// <summary>Ends the gateway too, before the control plane: for a service that nobody needs any more.</summary>
    public Task EndGateway() => _keeper.End();

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        await _stop.CancelAsync();
        _recalls.Dispose();
        _postMortems.Dispose();
        Engine.Dispose();
        await _notices.DisposeAsync();
        await _keeper.DisposeAsync();
        _fleets.Dispose();
        await _members.DisposeAsync();
        await _sites.DisposeAsync();
        await _traffic.DisposeAsync();
        _sources.Dispose();
        _metrics.Dispose();
        _gateways.Dispose();
        _jobs.Dispose();
        // The folder goes first, the lease then: whoever takes the lease finds the folder free.
        _acting.Dispose();
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Whoever sees something change says so; the runners look by themselves too, only later.</summary>
    void Listen()
    {
        _fleets.Changed += service => Engine.Changed(service, Place.Fleets);
        _router.Changed += service => Engine.Changed(service, Place.Routes);
        _store.Changed += service => Engine.Changed(service, Place.Settings);
        _metrics.Counted += () =>
        {
            foreach (var runner in Engine.Runners.Where(runner => runner.IsJudged)) runner.Changed(Place.Metrics);
        };
        _fleets.Troubled += trouble => _settings.Tell($"{trouble.What}: {trouble.Why}");
        _sites.Told += (gateway, trouble) =>
            _settings.Tell(trouble is null ? $"the {gateway} is well again" : $"the {gateway} says: {trouble}");
        Engine.Moved += Follow;
        Engine.Failed += (service, e) => _settings.Tell($"{service} is not looked after any more: {e.Message}");
        Engine.Troubled += (service, what, e) => _settings.Tell($"{service}: {what} failed, tried again: {e.Message}");
    }

    /// <summary>Every service that there is when the keeping of them begins.</summary>
    void Follow()
    {
        foreach (var runner in Engine.Runners) Follow(runner);
    }

    void Follow(Runner runner)
    {
        if (!_acting.Now) return;
        _admission.Follow(runner.Service);
        _notices.Follow(runner.Service);
    }
}
