using System.Collections.Immutable;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Support;

/// <summary>
/// The journal of simulated runs. Every task that it gives back is complete already, so nothing leaves the thread, or
/// the simulated scheduler, that called.
/// </summary>
public sealed class MemoryJournal : IJournal
{
    ImmutableSortedDictionary<string, Seq<Recorded>> streams =
        ImmutableSortedDictionary.Create<string, Seq<Recorded>>(StringComparer.Ordinal);
    ImmutableDictionary<string, SavedFold> snapshots = ImmutableDictionary<string, SavedFold>.Empty;
    ImmutableList<Action<string>> watchers = [];

    public Task<Seq<StreamHead>> Streams(CancellationToken cancel) =>
        Done(() => streams.Select(stream => new StreamHead(stream.Key, stream.Value.Count)).ToSeq(), cancel);

    public Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel) =>
        Done(() => EventsOf(streams, stream).Last((int)Math.Max(0, EventsOf(streams, stream).Count - after)), cancel);

    public Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
        Done(() => Append(stream, expected, events), cancel);

    public Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel) =>
        Done(() => snapshots.Values.Where(snapshot => snapshot.StateVersion == stateVersion).ToSeq(), cancel);

    public Task Save(SavedFold snapshot, CancellationToken cancel) => Done(() => Keep(snapshot), cancel);

    public IDisposable Watch(Action<string> grown)
    {
        ImmutableInterlocked.Update(ref watchers, all => all.Add(grown));
        return new Watching(() => ImmutableInterlocked.Update(ref watchers, all => all.Remove(grown)));
    }

    bool Append(string stream, long expected, Seq<Recorded> events)
    {
        for (var i = 0; i < events.Count; i++)
            if (events[i].Sequence != expected + i + 1)
                throw new ArgumentException(
                    $"Event {events[i].Sequence} of '{stream}' must be numbered {expected + i + 1}.");
        if (events.Count == 0) throw new ArgumentException($"An append to '{stream}' must hold an event.");

        // No lock: whoever loses the exchange looks again, and sees the end that the winner has left.
        ImmutableSortedDictionary<string, Seq<Recorded>> before;
        do
        {
            before = streams;
            if (EventsOf(before, stream).Count != expected) return false;
        }
        while (Interlocked.CompareExchange(
            ref streams, before.SetItem(stream, EventsOf(before, stream).AddRange(events)), before) != before);

        foreach (var watcher in watchers) watcher(stream);
        return true;
    }

    bool Keep(SavedFold snapshot)
    {
        if (EventsOf(streams, snapshot.Stream).Count < snapshot.Sequence) return false;
        ImmutableInterlocked.AddOrUpdate(ref snapshots, snapshot.Stream, snapshot,
            (_, before) => Newer(before, snapshot));
        return true;
    }

    static SavedFold Newer(SavedFold before, SavedFold now) =>
        before.StateVersion == now.StateVersion && before.Sequence > now.Sequence ? before : now;

    static Seq<Recorded> EventsOf(ImmutableSortedDictionary<string, Seq<Recorded>> streams, string stream) =>
        streams.GetValueOrDefault(stream, Seq<Recorded>.Empty);

    static Task<T> Done<T>(Func<T> what, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<T>(cancel);
        try
        {
            return Task.FromResult(what());
        }
        catch (ArgumentException e)
        {
            return Task.FromException<T>(e);
        }
    }

    sealed class Watching(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
