using System.Data.Common;
using Npgsql;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// A PostgreSQL database that several control planes share: the journal, the settings, and who of them converges.
/// </summary>
public sealed class PostgresStore : IAsyncDisposable
{
    readonly NpgsqlDataSource _source;
    readonly NpgsqlDataSource _listening;
    readonly PostgresJournal _journal;

    PostgresStore(StoreUrl url, NpgsqlDataSource source)
    {
        (Url, _source) = (url, source);
        _listening = url.Open(options =>
        {
            Basic(options);
            options.Pooling = false;
            options.KeepAlive = Limits.KeepAliveSeconds;
        });
        _journal = new(this);
        Settings = new(this);
    }

    public StoreUrl Url { get; }
    public IJournal Journal => _journal;
    public PostgresSettings Settings { get; }

    /// <summary>
    /// Opens the store, and brings its tables up to date. A <see cref="JournalException"/> says why that cannot be, and
    /// what to do.
    /// </summary>
    public static Task<PostgresStore> Open(StoreUrl url, CancellationToken cancel) => Open(url, Schema.Steps, cancel);

    internal static async Task<PostgresStore> Open(StoreUrl url, Seq<string> steps, CancellationToken cancel)
    {
        var source = url.Open(Basic);
        try
        {
            await using (var db = await source.OpenConnectionAsync(cancel))
                await Schema.Upgrade(db, url, steps, cancel);
            return new(url, source);
        }
        catch (NpgsqlException e)
        {
            await source.DisposeAsync();
            throw Trouble.Refusal(e, url);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _listening.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <summary>Every row of the answer. An <see cref="IOException"/> may pass: a server that is down does.</summary>
    internal Task<List<T>> Rows<T>(
        string sql, object?[] values, Func<DbDataReader, T> read, CancellationToken cancel) =>
        Use(async db =>
        {
            await using var command = db.Prepared(sql, values);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var all = new List<T>();
            while (await rows.ReadAsync(cancel)) all.Add(read(rows));
            return all;
        }, cancel);

    internal async Task<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using var db = await _source.OpenConnectionAsync(cancel);
            return await work(db);
        }
        catch (Exception e) when (Trouble.IsPassing(e))
        {
            throw Trouble.Passing(e, Url);
        }
    }

    /// <summary>A connection of its own that notices when the other side is gone.</summary>
    internal ValueTask<NpgsqlConnection> Listen(CancellationToken cancel) => _listening.OpenConnectionAsync(cancel);

    static void Basic(NpgsqlConnectionStringBuilder options)
    {
        options.ApplicationName = "slipway";
        options.Timeout = Limits.ConnectSecondsMax;
        options.CommandTimeout = Limits.ReadSecondsMax;
        options.MaxPoolSize = Limits.ConnectionsMax;
        // An acknowledged event is on the disk, whatever the server's own setting is.
        options.Options = "-c synchronous_commit=on";
    }
}
