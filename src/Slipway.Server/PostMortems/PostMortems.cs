using Slipway.Adapters.Files;
using Slipway.Adapters.Processes.Logs;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.PostMortems;

/// <summary>Where what is kept of a failure comes from.</summary>
sealed record Scene(string Folder, Engine Engine, IJournal Journal, IMetrics? Metrics)
{
    public required Func<string, IReadOnlyList<InstanceReport>> Instances { get; init; }
    public required Func<string, Seq<LogFile>> Logs { get; init; }
    public required Func<string, Fleet?, TrafficReport?> Traffic { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether this node is the one that does things.</summary>
    public Func<bool> Acts { get; init; } = () => true;
    public Action<string> Tell { get; init; } = _ => { };
}

/// <summary>
/// Writes the draft of a post-mortem for each release that had to be taken back. What is gone soon is kept the moment
/// that it turns back, the draft is written when it is over; after a crash either is done at the next start.
/// </summary>
sealed class PostMortems : IDisposable
{
    static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(2);

    readonly Dictionary<string, (int Release, bool Over)> _known = new(StringComparer.Ordinal);
    readonly Dictionary<string, Task> _work = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    readonly Scene _scene;

    public PostMortems(Scene scene)
    {
        _scene = scene;
        Directory.CreateDirectory(scene.Folder);
        scene.Engine.Moved += Look;
    }

    /// <summary>Told of each draft that is there to be read.</summary>
    public event Action<string, int>? Written;

    public void Dispose() => _scene.Engine.Moved -= Look;

    /// <summary>Null when the release was not taken back, or is not over.</summary>
    public string? Find(string service, int release) =>
        File.Exists(PathOf(service, release)) ? File.ReadAllText(PathOf(service, release)) : null;

    void Look(Runner runner)
    {
        if (!_scene.Acts()) return;
        var (s, over) = (runner.Service, true);
        var release = Latest(s);
        if (Failing(s) is { } now) (release, over) = (s.Run!.Release, false);
        else if (release == 0) return;
        var failed = Failing(s) ?? FailedIn(s);
        lock (_gate)
        {
            var known = _known.GetValueOrDefault(s.Name);
            if (known.Release == release && (known.Over || !over)) return;
            _known[s.Name] = (release, over);
            if (failed is not { } fleet || File.Exists(PathOf(s.Name, release))) return;
            var before = _work.GetValueOrDefault(s.Name) ?? Task.CompletedTask;
            _work[s.Name] = Work(before, new(s, runner.Seen, release, fleet), over);
        }
    }

    static int Latest(Service s) => s is { Run: null, History: [.., var past] } ? past.Release : 0;

    /// <summary>The fleet that is being taken back.</summary>
    static Fleet? Failing(Service s) => s.Run switch
    {
        { Mode: Mode.Back, Kind: RunKind.First or RunKind.Deploy or RunKind.Restart } run
            when run.Reason is not (Reason.Superseded or Reason.NotChosen) => run.Candidate,
        { Kind: RunKind.Undo } run => s.Revisions
            .FirstOrDefault(revision => revision.Failed?.Release == run.Release)?.Fleet,
        _ => null,
    };

    static Fleet? FailedIn(Service s) => s.History is not [.., var past] ? null
        : past.Outcome is Outcome.RolledBack or Outcome.Aborted && past.Kind is not RunKind.Undo ? past.Candidate
        : PostMortem.FailedIn(s, past);

    /// <param name="Seen">As it was at that moment: soon nothing of it is left to look at.</param>
    sealed record Case(Service Service, Decisions.Seen Seen, int Release, Fleet Failed);

    async Task Work(Task before, Case its, bool over)
    {
        var (s, _, release, failed) = its;
        try
        {
            await before;
            await Task.Yield(); // whoever moved the service waits for nobody
            var kept = JsonFile.Read<Capture>(CaptureOf(s.Name, release));
            var capture = kept ?? await Take(its);
            if (over) await Write(s, release, failed, capture);
            else if (kept is null) JsonFile.Write(CaptureOf(s.Name, release), capture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _scene.Tell($"{s.Name}: no post-mortem of release {release} could be kept: {e.Message}");
        }
    }

    async Task Write(Service s, int release, Fleet failed, Capture capture)
    {
        var past = s.History.First(one => one.Release == release);
        var totals = await Totals(s.Name, failed);
        // Requests that were under way may have failed since.
        capture = capture with
        {
            Sides = capture.Sides.Select(side => side.Role == "failed" && totals?.Errors > side.Errors
                ? side with { Requests = totals?.Requests, Errors = totals?.Errors }
                : side).ToSeq(),
        };
        var events = await _scene.Journal.Read(s.Name, 0, CancellationToken.None);
        var draft = PostMortem.Of(s, past, [.. events.Where(e => e.Sequence <= s.Sequence)], capture);
        await File.WriteAllTextAsync(PathOf(s.Name, release) + ".new", draft);
        File.Move(PathOf(s.Name, release) + ".new", PathOf(s.Name, release), overwrite: true);
        File.Delete(CaptureOf(s.Name, release));
        Written?.Invoke(s.Name, release);
    }

    async Task<Capture> Take(Case its)
    {
        var (s, seen, release, failed) = its;
        var stable = Beside(s, failed);
        return new(s.Name, release, _scene.Time.GetUtcNow())
        {
            Instances = _scene.Instances(s.Name).ToSeq(),
            Logs = _scene.Logs(s.Name).Where(log => log.Fleet == failed).Select(Last).ToSeq(),
            Sides =
            [
                await Side(seen, s, failed, "failed"),
                .. stable is { } good ? [await Side(seen, s, good, "beside it")] : Array.Empty<CapturedSide>(),
            ],
        };
    }

    static Fleet? Beside(Service s, Fleet failed) =>
        s.Run is { Kind: RunKind.Undo } undo ? undo.Candidate
        : s.Stable is { } stable && stable != failed ? stable
        : null;

    async Task<CapturedSide> Side(Decisions.Seen seen, Service s, Fleet fleet, string role)
    {
        var totals = await Totals(s.Name, fleet);
        return new(s.RevisionOf(fleet).Version, role, seen.ReadyOf(fleet), s.Want.SizeOf(fleet))
        {
            Traffic = _scene.Traffic(s.Name, fleet),
            Cpu = totals?.Cpu,
            Memory = totals?.Memory,
            Requests = totals?.Requests,
            Errors = totals?.Errors,
        };
    }

    /// <summary>None when nobody counts, or whoever does is silent: the draft is written all the same.</summary>
    async Task<Gates.FleetCounts?> Totals(string service, Fleet fleet)
    {
        if (_scene.Metrics is not { } metrics) return null;
        using var limit = new CancellationTokenSource(ReadMax, _scene.Time);
        try
        {
            return (await metrics.Read(new(service, fleet, null, []), limit.Token)).Candidate;
        }
        catch (Exception)
        {
            return null;
        }
    }

    static CapturedLog Last(LogFile log) => new(log.Instance, log.Read(log.Tail(Limits.LogLines)).Text);

    string PathOf(string service, int release) =>
        Path.Combine(_scene.Folder, $"{Reports.ReleaseReports.IdOf(service, release)}.md");

    string CaptureOf(string service, int release) => Path.ChangeExtension(PathOf(service, release), ".json");
}
