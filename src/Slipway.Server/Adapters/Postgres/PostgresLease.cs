using System.Data.Common;
using Npgsql;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>A control plane among those that share a store.</summary>
/// <param name="Machine">Nodes that run plain processes share it, and the folder on it.</param>
public sealed record StoreNode(string Id, string Url, string Machine, string Folder);

/// <summary>
/// Who of the nodes converges, for all services at once: it saves double work, and safety does not rest on it. The
/// database's clock is the only one; a node's own clock only measures how long ago it asked.
/// </summary>
public sealed class PostgresLease : IAsyncDisposable
{
    readonly PostgresStore _store;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _stop = new();
    StoreNode _self;
    Task _renewing = Task.CompletedTask;
    long _until = long.MinValue;
    bool _had;

    PostgresLease(PostgresStore store, StoreNode self, TimeProvider time) =>
        (_store, _self, _time) = (store, self, time);

    /// <summary>Told when this node begins to hold it, also after it could not renew it in time.</summary>
    public event Action? Taken;

    /// <summary>Told when another node holds what this one had held.</summary>
    public event Action<StoreNode>? Lost;

    public bool IsHeld => _time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>The other node that held it when last asked.</summary>
    public StoreNode? Other { get; private set; }

    /// <summary>Why it could not be asked for, when that was so the last time.</summary>
    public string? Failure { get; private set; }

    /// <summary>Asks for it once, and from then on for as long as it lives.</summary>
    public static async Task<PostgresLease> Start(
        PostgresStore store, StoreNode self, TimeProvider time, CancellationToken cancel)
    {
        await RefuseStrangers(store, self, cancel);
        var lease = new PostgresLease(store, self, time);
        var rest = await lease.Renew();
        lease._renewing = lease.Keep(rest);
        return lease;
    }

    /// <summary>Where this node is asked, for the others to tell.</summary>
    public void Announce(string url) => _self = _self with { Url = url };

    /// <summary>The next one need not wait until it runs out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        Volatile.Write(ref _until, long.MinValue);
        try
        {
            using var patience = new CancellationTokenSource(Limits.Lease, _time);
            await _store.Rows(
                """
                WITH gone AS (DELETE FROM slipway.node WHERE id = $1)
                UPDATE slipway.lease SET until = '-infinity' WHERE node = $1 RETURNING epoch
                """,
                [_self.Id], row => row.GetInt64(0), patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It runs out by itself.
        }

        _stop.Dispose();
    }

    static async Task RefuseStrangers(PostgresStore store, StoreNode self, CancellationToken cancel)
    {
        var strangers = await store.Rows(
            """
            SELECT id, url, machine, folder FROM slipway.node
            WHERE until > clock_timestamp() AND (machine <> $1 OR folder <> $2) LIMIT 1
            """,
            [self.Machine, self.Folder], Node, cancel);
        if (strangers is not [var other]) return;
        throw new JournalException(other.Machine == self.Machine
            ? $"Another node on this store, {other.Url}, keeps its processes in {other.Folder}, and this one would in "
                + $"{self.Folder}. Nodes that share a store share that folder: use --data {other.Folder}."
            : $"Another node on this store, {other.Url}, runs on {other.Machine}, and this is {self.Machine}. Nodes "
                + $"that run plain processes share a machine: start this one there, with --data {other.Folder}.");
    }

    async Task Keep(TimeSpan rest)
    {
        while (true)
        {
            try
            {
                await Task.Delay(rest, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            rest = await Renew();
        }
    }

    /// <summary>How long to rest until the next time.</summary>
    async Task<TimeSpan> Renew()
    {
        var asked = _time.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Limits.RenewSecondsMax * 1000);
            var (node, left) = await Ask(patience.Token);
            (Other, Failure) = (node?.Id == _self.Id ? null : node, null);
            if (node?.Id == _self.Id) Take(asked);
            else if (node is not null) Yield(node);
            return left > TimeSpan.Zero && left < Limits.RenewEvery && !IsHeld ? left : Limits.RenewEvery;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Failure = e is IOException ? e.Message : $"PostgreSQL at {_store.Url.Server} does not answer in time.";
            return Limits.ListenAgain;
        }
    }

    void Take(long asked)
    {
        var held = IsHeld;
        var length = (Limits.Lease - Limits.LeaseMargin).TotalSeconds * _time.TimestampFrequency;
        Volatile.Write(ref _until, asked + (long)length);
        _had = true;
        if (!held) Taken?.Invoke();
    }

    void Yield(StoreNode other)
    {
        Volatile.Write(ref _until, long.MinValue);
        if (!_had) return;
        _had = false;
        Lost?.Invoke(other);
    }

    /// <summary>Renewed, taken when it has run out, or left to whoever holds it; all in one round trip.</summary>
    Task<(StoreNode? Holder, TimeSpan Left)> Ask(CancellationToken cancel) => _store.Use(async db =>
    {
        await using var batch = new NpgsqlBatch(db) { Timeout = Limits.RenewSecondsMax };
        batch.Add(
            """
            INSERT INTO slipway.node (id, url, machine, folder, until)
            VALUES ($1, $2, $3, $4, clock_timestamp() + $5)
            ON CONFLICT (id) DO UPDATE SET url = excluded.url, until = excluded.until
            """,
            _self.Id, _self.Url, _self.Machine, _self.Folder, Limits.Lease);
        batch.Add("DELETE FROM slipway.node WHERE until < clock_timestamp() - $1", Limits.NodesKept);
        batch.Add(
            """
            UPDATE slipway.lease
            SET node = $1, until = clock_timestamp() + $2, epoch = epoch + CASE WHEN node = $1 THEN 0 ELSE 1 END
            WHERE node = $1 OR until < clock_timestamp()
            """,
            _self.Id, Limits.Lease);
        batch.Add(
            """
            SELECT n.id, n.url, n.machine, n.folder, extract(epoch FROM l.until - clock_timestamp())::float8 AS left
            FROM slipway.lease l JOIN slipway.node n ON n.id = l.node
            """);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel)
            ? ((StoreNode?)Node(rows), TimeSpan.FromSeconds(rows.GetDouble(4)))
            : (null, TimeSpan.Zero);
    }, cancel);

    static StoreNode Node(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));
}
