using Microsoft.Data.Sqlite;
using Slipway.Adapters.Journals;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>The one thread that writes. Nobody hears of success before the commit.</summary>
sealed class Writer
{
    readonly Inbox inbox = new();
    readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    readonly Place place;
    readonly SqliteConnection db;
    readonly Reserve reserve;
    readonly Watchers watchers;
    readonly FileIdentity? file, lockFile;

    public Writer(Place place, SqliteConnection db, Reserve reserve, Watchers watchers)
    {
        (this.place, this.db, this.reserve, this.watchers) = (place, db, reserve, watchers);
        (file, lockFile) = (FileIdentity.Of(place.Database), FileIdentity.Of(place.Lock));
        new Thread(Run) { Name = "journal", IsBackground = true }.Start();
    }

    public Task<bool> Write(Entry entry, CancellationToken cancel) => inbox.Write(entry, cancel);

    /// <summary>Writes what waits, and ends.</summary>
    public async Task Stop()
    {
        inbox.Close();
        await stopped.Task;
    }

    void Run()
    {
        using (db)
        using (var table = new Table(db, place))
            WriteAll(table);
        stopped.SetResult();
    }

    void WriteAll(Table table)
    {
        var batch = new List<Entry>();
        while (inbox.Any().AsTask().GetAwaiter().GetResult())
        {
            inbox.Gather(batch);
            Write(batch, table);
            batch.Clear();
        }
    }

    void Write(List<Entry> batch, Table table)
    {
        reserve.Take();
        Refuse(batch);
        var failure = Commit(batch, table);
        if (failure is not null && Trouble.IsFull(failure) && reserve.Release())
        {
            Refuse(batch);
            failure = Commit(batch, table);
        }

        if (failure is null)
        {
            foreach (var entry in batch) entry.Complete();
            watchers.Tell(batch.OfType<Entry.Append>().Where(append => append.Written).Select(append => append.Stream));
        }
        else
        {
            foreach (var entry in batch) entry.Fail(failure is SqliteException e ? Trouble.Of(e, place) : failure);
        }
    }

    /// <summary>The last room is for ending what runs.</summary>
    void Refuse(List<Entry> batch)
    {
        if (reserve.Held) return;
        batch.RemoveAll(entry =>
        {
            if (entry is Entry.Append { Begins: false }) return false;
            entry.Fail(new IOException($"{Trouble.FullDisk(place)} Until then nothing new is begun."));
            return true;
        });
    }

    /// <summary>What went wrong, if anything: then nothing of the batch is there, or its fate is unknown.</summary>
    Exception? Commit(List<Entry> batch, Table table)
    {
        if (batch.Count == 0) return null;
        try
        {
            RefuseLostFile();
            db.Atomically(() =>
            {
                foreach (var entry in batch) entry.Written = table.Write(entry);
            });
            return null;
        }
        // Whatever it is belongs to the appenders: the writer has to go on for the others.
        catch (Exception e)
        {
            table.Forget();
            return e;
        }
    }

    void RefuseLostFile()
    {
        if (FileIdentity.Of(place.Database) != file)
            throw new IOException(
                $"{place.Database} was deleted or replaced while Slipway was using it. Put it back, and it goes on.");
        if (FileIdentity.Of(place.Lock) != lockFile)
            throw new JournalException(
                $"{place.Lock} was deleted, so a second Slipway could use the journal. Start Slipway again.");
    }
}
