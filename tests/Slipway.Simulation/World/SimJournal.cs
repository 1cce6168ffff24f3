using Slipway.Releases;
using Slipway.Running;
using Slipway.Simulation.Harness;

namespace Slipway.Simulation.World;

/// <summary>The store that all nodes share, and the truth that invariants are checked against.</summary>
public sealed class SimJournal(Harness.Simulation simulation, Invariants invariants)
{
    readonly Dictionary<string, List<Recorded>> _streams = new(StringComparer.Ordinal);
    readonly Dictionary<string, Service> _truth = new(StringComparer.Ordinal);
    readonly Dictionary<string, SavedFold> _snapshots = new(StringComparer.Ordinal);
    readonly List<Action<string>> _watchers = [];

    public Service Truth(string stream) => _truth.GetValueOrDefault(stream) ?? new Service(stream);
    public IReadOnlyList<Recorded> Events(string stream) => _streams.GetValueOrDefault(stream) ?? [];

    public bool Knows(string stream, string command) => Events(stream).Any(recorded => recorded.Command == command);

    public Seq<StreamHead> Heads() => _streams.Select(stream => new StreamHead(stream.Key, stream.Value.Count)).ToSeq();

    public Seq<Recorded> Read(string stream, long after) => Events(stream).Skip((int)after).ToSeq();

    public bool Append(string stream, long expected, Seq<Recorded> events)
    {
        if (events.Count == 0 || events.Where((e, i) => e.Sequence != expected + 1 + i).Any())
            throw new ArgumentException($"The events do not follow {expected}.", nameof(events));
        var before = Truth(stream);
        if (before.Sequence != expected)
        {
            invariants.Reached.Fault("journal conflict");
            simulation.Log($"append at {expected} conflicts");
            return false;
        }

        var after = before.Apply(events);
        var all = Events(stream).ToList();
        foreach (var recorded in events)
        {
            var text = JournalFormat.Write(recorded.Event);
            simulation.Log($"#{recorded.Sequence} {text} by {recorded.By}");
            // What is read back has been through the format, as it is with a real store.
            all.Add(recorded with { Event = JournalFormat.ReadEvent(text) });
        }

        (_streams[stream], _truth[stream]) = (all, after);
        invariants.Appended(before, after, events);
        foreach (var watcher in _watchers.ToArray()) watcher(stream);
        return true;
    }

    public Seq<SavedFold> Snapshots(int version) =>
        _snapshots.Values.Where(snapshot => snapshot.StateVersion == version).ToSeq();

    public bool Save(SavedFold snapshot)
    {
        var known = _snapshots.GetValueOrDefault(snapshot.Stream)?.Sequence ?? 0;
        if (snapshot.Sequence < known || snapshot.Sequence > Events(snapshot.Stream).Count) return false;
        _snapshots[snapshot.Stream] = snapshot;
        return true;
    }

    public void Watch(Action<string> grown) => _watchers.Add(grown);
    public void Unwatch(Action<string> grown) => _watchers.Remove(grown);
}

/// <summary>The store as one node reaches it: through the wire, and told of growth late, twice, or never.</summary>
public sealed class NodeJournal(
    SimJournal journal, Wire wire, Harness.Simulation simulation, Node node, Reached reached) : IJournal
{
    public Task<Seq<StreamHead>> Streams(CancellationToken cancel) => wire.Call(node, "streams", journal.Heads);

    public Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel) =>
        wire.Call(node, "read", () => journal.Read(stream, after));

    public Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
        wire.Call(node, "append", () => journal.Append(stream, expected, events));

    public Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel) =>
        wire.Call(node, "snapshots", () => journal.Snapshots(stateVersion));

    public Task Save(SavedFold snapshot, CancellationToken cancel) =>
        wire.Call(node, "save", () => journal.Save(snapshot));

    public IDisposable Watch(Action<string> grown)
    {
        void Tell(string stream)
        {
            if (wire.Faults.LoseReply > 0 && simulation.Chance(wire.Faults.LoseReply))
            {
                reached.Fault("lost notice");
                return;
            }

            simulation.At(node, simulation.Span(wire.Faults.Latency), () => grown(stream));
        }

        journal.Watch(Tell);
        return new Watching(() => journal.Unwatch(Tell));
    }

    sealed class Watching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
