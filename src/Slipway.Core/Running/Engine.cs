using Slipway.Decisions;
using Slipway.Releases;

namespace Slipway.Running;

/// <summary>All services of a control plane: one runner each, from the journal and from nothing else.</summary>
public sealed class Engine(Ports ports, TimeProvider time, CancellationToken stop) : IDisposable
{
    readonly Dictionary<string, Runner> _runners = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    readonly Alarms _alarms = new(time);
    IDisposable? _watch;

    /// <summary>
    /// Told when a runner has stopped for good: its journal cannot be trusted, or what must not be has been.
    /// </summary>
    public event Action<string, Exception>? Failed;

    public event Action<Runner>? Moved;

    /// <summary>Told of every call that fails: of which service, what was called, and why.</summary>
    public event Action<string, string, Exception>? Troubled;

    public Wits Wits { get; init; } = new();

    public IReadOnlyCollection<Runner> Runners
    {
        get
        {
            lock (_gate) return [.. _runners.Values];
        }
    }

    /// <summary>Owns every service of the journal once this returns: from a saved fold where there is one.</summary>
    public async Task Start()
    {
        _watch = ports.Journal.Watch(stream => Find(stream, Beginning.Of(stream)).Grown());
        var folds = await ports.Journal.Snapshots(Service.StateVersion, stop);
        var saved = folds.ToDictionary(fold => fold.Stream);
        var heads = await ports.Journal.Streams(stop);
        // Reading thousands of folds is what a start takes its time for: every core has its share.
        foreach (var beginning in heads.AsParallel().AsOrdered()
            .Select(head => Beginning.Of(head, saved.GetValueOrDefault(head.Stream))).ToList())
            Find(beginning.Service.Name, beginning);
    }

    public Runner? Find(string service)
    {
        lock (_gate) return _runners.GetValueOrDefault(service);
    }

    public void Changed(string service, Place place) => Find(service)?.Changed(place);

    /// <summary>This node converges from now on: every service is looked at.</summary>
    public void Wake()
    {
        foreach (var runner in Runners) runner.Changed(Place.Fleets);
    }

    public Task<Reply> Order(string service, Command command) => Find(service, Beginning.Of(service)).Order(command);

    public void Dispose()
    {
        _watch?.Dispose();
        _alarms.Dispose();
    }

    Runner Find(string service, Beginning beginning)
    {
        Runner runner;
        lock (_gate)
        {
            if (_runners.TryGetValue(service, out var found)) return found;
            runner = new Runner(service, ports, time, _alarms, Wits);
            _runners.Add(service, runner);
        }

        runner.Moved += moved => Moved?.Invoke(moved);
        runner.Troubled += (what, why) => Troubled?.Invoke(service, what, why);
        _ = Keep(runner, beginning);
        return runner;
    }

    async Task Keep(Runner runner, Beginning beginning)
    {
        try
        {
            await runner.Run(beginning, stop);
        }
        catch (OperationCanceledException e) when (stop.IsCancellationRequested)
        {
            runner.Stop(e);
        }
        catch (Exception e)
        {
            runner.Stop(e);
            Failed?.Invoke(runner.Service.Name, e);
        }
    }
}
