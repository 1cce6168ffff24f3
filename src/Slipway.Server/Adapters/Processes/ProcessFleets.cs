using Slipway.Adapters.Files;
using Slipway.Adapters.Processes.Logs;
using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>
/// Fleets as plain processes of this machine. They outlive us: what a fleet has accepted and which process is which
/// instance lies in a file each, and a new life goes on from there.
/// </summary>
public sealed class ProcessFleets : IFleets, IDisposable
{
    readonly Ground _ground;
    readonly string _folder;
    readonly LogFolder _logs;
    readonly Dictionary<(string Service, Fleet Fleet), Keeper> _keepers = [];
    readonly Lock _gate = new();
    readonly Lock _telling = new();

    /// <summary>Takes up nothing yet: another node may keep the processes of this folder.</summary>
    public ProcessFleets(ProcessSettings settings)
    {
        _ground = new Ground(settings);
        _folder = Directory.CreateDirectory(Path.Combine(_ground.Data, "fleets")).FullName;
        _logs = new(_ground.Logs, _ground.Troubles, () => new DriveInfo(_ground.Data).AvailableFreeSpace);
    }

    /// <summary>Told after a change of what there is to see or of the members, with the service.</summary>
    public event Action<string>? Changed;

    /// <summary>
    /// What went wrong where nobody waits: a record that cannot be written, somebody in front who fails.
    /// </summary>
    public event Action<Trouble> Troubled
    {
        add => _ground.Troubles.Told += value;
        remove => _ground.Troubles.Told -= value;
    }

    public static ProcessFleets Open(ProcessSettings settings)
    {
        var fleets = new ProcessFleets(settings);
        fleets.TakeUp();
        return fleets;
    }

    /// <summary>
    /// Takes up every fleet of the folder again, once: living processes are adopted, what is missing is started.
    /// </summary>
    public void TakeUp()
    {
        // First of all: whatever has run on without us may have filled the disk.
        SweepLogs();
        foreach (var file in Directory.EnumerateFiles(_folder, "*.json", SearchOption.AllDirectories))
            if (RecordIn(file) is { } record)
                Add(record).Adopt();
        _ground.Troubles.Guard("What belongs to no fleet was not ended", EndStrays);
        Repeat(Limits.UsageMeasuredEvery, "Cpu and memory were not measured", Measure);
        foreach (var service in _keepers.Keys.Select(key => key.Service).Distinct().ToList()) Tell(service);
    }

    public Task Resize(FleetOrder order, CancellationToken cancel)
    {
        Keeper keeper;
        lock (_gate)
            keeper = _keepers.GetValueOrDefault((order.Service, order.Fleet))
                ?? Add(new FleetRecord(order.Service, order.Revision, 0, -1));
        keeper.Accept(order);
        return Task.CompletedTask;
    }

    public Task<Seq<SeenFleet>> Look(string service, CancellationToken cancel) =>
        Task.FromResult(Of(service).Select(keeper => keeper.Look())
            .Where(fleet => fleet.Since >= 0).OrderBy(fleet => fleet.Fleet).ToSeq());

    /// <summary>The instances that a request may go to now, and those that only finish what they have.</summary>
    public Seq<Member> Members(string service) => Of(service).SelectMany(keeper => keeper.Members()).ToSeq();

    /// <summary>Every instance, for people.</summary>
    public Seq<InstanceView> Instances(string service) => Of(service).SelectMany(keeper => keeper.Instances()).ToSeq();

    /// <summary>Cpu and memory, on average over the fleet's instances; null when there is nothing to measure.</summary>
    public Usage? UsageOf(string service, Fleet fleet) => _ground.Usage.Of(service, fleet);

    /// <summary>How often instances of the fleet have ended by themselves, ever.</summary>
    public int RestartsOf(string service, Fleet fleet)
    {
        Keeper? keeper;
        lock (_gate) keeper = _keepers.GetValueOrDefault((service, fleet));
        return keeper?.Restarts ?? 0;
    }

    /// <summary>What instances have said, of those that are gone too, the newest last.</summary>
    public Seq<LogFile> LogsOf(string service)
    {
        var folder = new DirectoryInfo(Path.Combine(_ground.Logs, service));
        if (!folder.Exists) return [];
        var versions = Of(service).ToDictionary(keeper => keeper.Revision.Fleet, keeper => keeper.Revision.Version);
        return folder.EnumerateFiles("*.log").OrderBy(file => file.LastWriteTimeUtc).Select(file =>
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            var fleet = versions.Keys.Cast<Fleet?>().FirstOrDefault(known => InstanceRecord.IsOf(name, service, known));
            return new LogFile(file.FullName, name, fleet, fleet is { } known ? versions[known] : null);
        }).ToSeq();
    }

    /// <summary>Lets go of the processes: they run on.</summary>
    public void Dispose()
    {
        lock (_gate)
            foreach (var keeper in _keepers.Values) keeper.Dispose();
        _ground.Dispose();
    }

    /// <summary>Now and ever again, off the timer's thread: what is slow must not hold up the probes.</summary>
    void Repeat(TimeSpan every, string failed, Action act)
    {
        _ground.Troubles.Guard(failed, act);
        _ground.After(every, failed, () => ThreadPool.QueueUserWorkItem(_ => Repeat(every, failed, act)));
    }

    void SweepLogs()
    {
        const string failed = "Logs were not cut";
        var cut = false;
        _ground.Troubles.Guard(failed, () => cut = _logs.Sweep(LogsInUse()));
        var rest = cut ? Limits.LogsSweptAgain : Limits.LogsSweptEvery;
        _ground.After(rest, failed, () => ThreadPool.QueueUserWorkItem(_ => SweepLogs()));
    }

    /// <summary>
    /// One that is damaged is put aside, and the fleet is started anew: nobody else's instances have to wait for that.
    /// </summary>
    FleetRecord? RecordIn(string file)
    {
        string why;
        try
        {
            var record = JsonFile.Read<FleetRecord>(file);
            if (record is { Service: not null, Revision: { Version: not null, Spec: not null } })
            {
                if (file == FileOf(record)) return record;
                why = $"it is a copy of {FileOf(record)}";
            }
            else
            {
                why = "it does not say of which service and version it is";
            }
        }
        catch (InvalidDataException e)
        {
            why = e.InnerException!.Message;
        }

        File.Move(file, $"{file}.damaged", overwrite: true);
        _ground.Troubles.Tell(
            $"{file} is damaged and was put aside; instances that only it knew are started anew", why);
        return null;
    }

    string FileOf(FleetRecord record) =>
        Path.Combine(_folder, record.Service, $"{record.Revision.Fleet}.json");

    /// <summary>
    /// Instances of ours that no record knows, since somebody has deleted it: nobody would ever stop them.
    /// </summary>
    void EndStrays()
    {
        var known = _keepers.Values.SelectMany(keeper => keeper.Markers()).ToHashSet(StringComparer.Ordinal);
        foreach (var (pid, marker) in Session.Leaders(Launch.MarkersOf(_ground)))
        {
            if (known.Contains(marker)) continue;
            _ground.Troubles.Tell(
                $"Process {pid} was an instance of ours ({marker}) and is ended", "no fleet knows it");
            Native.SignalGroup(pid, Signals.Of("SIGTERM"));
            _ground.After(Defaults.StopGrace, $"Process {pid} was not ended", () => Session.KillLeft(pid, marker));
        }
    }

    void Measure()
    {
        List<Keeper> keepers;
        lock (_gate) keepers = [.. _keepers.Values];
        _ground.Usage.Measure(keepers.SelectMany(keeper => keeper.Measured()));
    }

    HashSet<string> LogsInUse()
    {
        lock (_gate) return [.. _keepers.Values.SelectMany(keeper => keeper.Logs())];
    }

    Keeper Add(FleetRecord record)
    {
        Directory.CreateDirectory(Path.Combine(_folder, record.Service));
        var keeper = new Keeper(_ground, record, FileOf(record), () => Moved(record.Service));
        lock (_gate) _keepers.Add((record.Service, record.Revision.Fleet), keeper);
        return keeper;
    }

    /// <summary>Those in front hear of it first: an engine that looks finds nothing that they do not know.</summary>
    void Moved(string service)
    {
        Tell(service);
        _ground.Troubles.Guard($"A change of {service} was not heard", () => Changed?.Invoke(service));
    }

    /// <summary>One at a time: of two changes the later one must be told last.</summary>
    void Tell(string service)
    {
        lock (_telling)
            _ground.Troubles.Guard($"The instances of {service} were not told to those in front",
                () => _ground.Settings.Members.Tell(service, Members(service)));
    }

    List<Keeper> Of(string service)
    {
        lock (_gate) return [.. _keepers.Where(entry => entry.Key.Service == service).Select(entry => entry.Value)];
    }
}
