using Slipway.Adapters.Journals;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>The journal that several control planes share. Whoever appends first to an end has won.</summary>
sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    readonly PostgresStore store;
    readonly Watchers watchers = new();
    readonly Writer writer;
    readonly Listener listener;

    public PostgresJournal(PostgresStore store)
    {
        this.store = store;
        var own = $"{Guid.NewGuid():N}";
        writer = new(store, watchers, own);
        listener = new(store, this, watchers, own);
    }

    public async Task<Seq<StreamHead>> Streams(CancellationToken cancel) => (await store.Rows(
        "SELECT name, sequence FROM slipway.stream WHERE sequence > 0", [],
        row => new StreamHead(row.GetString(0), row.GetInt64(1)), cancel)).ToSeq();

    public async Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel)
    {
        var lines = await store.Rows(
            """
            SELECT sequence, at, by, command, body FROM slipway.event
            WHERE stream = $1 AND sequence > $2 ORDER BY sequence
            """,
            [stream, after],
            row => new Line(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.GetString(4)),
            cancel);
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].Sequence != Math.Max(after, 0) + i + 1)
                throw new JournalException(
                    $"Event {Math.Max(after, 0) + i + 1} of '{stream}' is missing from {store.Url}, though later ones "
                    + "are there. Keep a copy of the database for later, and restore the newest backup.");
        return lines.Select(line => line.Read(stream, store.Url.Shown)).ToSeq();
    }

    /// <summary>
    /// An <see cref="IOException"/> may pass, as a server that is down does; the fate of the append is then to be read.
    /// </summary>
    public Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
        writer.Write(Entry.Append.Of(stream, expected, events), cancel);

    public async Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel) => (await store.Rows(
        "SELECT stream, sequence, state FROM slipway.snapshot WHERE version = $1", [stateVersion],
        row => new SavedFold(row.GetString(0), row.GetInt64(1), stateVersion, row.GetString(2)), cancel)).ToSeq();

    public Task Save(SavedFold snapshot, CancellationToken cancel) => writer.Write(new Entry.Save(snapshot), cancel);

    public IDisposable Watch(Action<string> grown) => watchers.Add(grown);

    public async ValueTask DisposeAsync()
    {
        await writer.Stop();
        await listener.DisposeAsync();
    }
}
