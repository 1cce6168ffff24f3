using Microsoft.Data.Sqlite;
using Slipway.Adapters.Files;
using Slipway.Adapters.Journals;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>The journal on one machine: a SQLite database in a folder that belongs to one Slipway at a time.</summary>
public sealed class SqliteJournal : IJournal, IAsyncDisposable
{
    readonly Place place;
    readonly InstanceLock held;
    readonly Reserve reserve;
    readonly Readers readers;
    readonly Watchers watchers = new();
    readonly Writer writer;

    SqliteJournal(Place place, InstanceLock held, Reserve reserve, SqliteConnection db)
    {
        (this.place, this.held, this.reserve) = (place, held, reserve);
        readers = new(place);
        writer = new(place, db, reserve, watchers);
    }

    /// <summary>
    /// Opens the journal of a folder, or begins one there. A <see cref="JournalException"/> says why that cannot be,
    /// and what to do.
    /// </summary>
    public static SqliteJournal Open(string folder) => Open(folder, Schema.Steps);

    internal static SqliteJournal Open(string folder, Seq<string> steps)
    {
        var place = new Place(Path.GetFullPath(folder));
        if (!Directory.Exists(place.Folder))
            throw new JournalException($"The folder {place.Folder} does not exist: create it, or name another one.");

        var held = InstanceLock.Take(place.Lock);
        try
        {
            var reserve = new Reserve(place);
            reserve.Take();
            return new(place, held, reserve, Connect(place, reserve, steps));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The disk is full, and what was kept for this case is in use: releases end, none begins.</summary>
    public bool LivesOnReserve => !reserve.Held;

    public Task<Seq<StreamHead>> Streams(CancellationToken cancel) => readers.Read(Reading.Streams, cancel);

    public Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel) =>
        readers.Read(db => Reading.Events(db, place, stream, after), cancel);

    /// <summary>
    /// An <see cref="IOException"/> may pass, as a full disk does; the fate of the append is then to be read.
    /// </summary>
    public Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
        writer.Write(Entry.Append.Of(stream, expected, events), cancel);

    public Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel) =>
        readers.Read(db => Reading.Snapshots(db, stateVersion), cancel);

    public Task Save(SavedFold snapshot, CancellationToken cancel) => writer.Write(new Entry.Save(snapshot), cancel);

    public IDisposable Watch(Action<string> grown) => watchers.Add(grown);

    /// <summary>
    /// Copies the journal into a new file while it is in use. Copying the file itself would leave out what SQLite keeps
    /// beside it.
    /// </summary>
    public Task Backup(string file, CancellationToken cancel) => Task.Run(() => Copy.To(file, place), cancel);

    public async ValueTask DisposeAsync()
    {
        await writer.Stop();
        readers.Dispose();
        held.Dispose();
    }

    static SqliteConnection Connect(Place place, Reserve reserve, Seq<string> steps)
    {
        try
        {
            return Opening.ForWriting(place, steps);
        }
        // Even reading needs a little room at the start.
        catch (JournalException e) when (e.InnerException is { } inner && Trouble.IsFull(inner) && reserve.Release())
        {
            return Opening.ForWriting(place, steps);
        }
    }
}
