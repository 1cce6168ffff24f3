using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Slipway.Adapters.Sqlite;

/// <summary>Connections that only read, kept for the next reader.</summary>
sealed class Readers(Place place) : IDisposable
{
    readonly ConcurrentBag<SqliteConnection> idle = [];
    volatile bool closed;

    /// <summary>On another thread: SQLite's calls do not wait in the way of tasks.</summary>
    public Task<T> Read<T>(Func<SqliteConnection, T> read, CancellationToken cancel) =>
        Task.Run(() => Read(read), cancel);

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var db)) db.Dispose();
    }

    T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(SqliteJournal));
        SqliteConnection? db = null;
        try
        {
            if (!idle.TryTake(out db)) db = Opening.ForReading(place);
            var result = read(db);
            idle.Add(db);
            db = null;
            if (closed || idle.Count > Limits.IdleReadersMax) idle.TryTake(out db);
            return result;
        }
        catch (SqliteException e)
        {
            throw Trouble.Of(e, place);
        }
        finally
        {
            db?.Dispose();
        }
    }
}
