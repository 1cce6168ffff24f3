using Slipway.Decisions;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// What releases want of flags and schema changes, with the sequence that wanted it, for every node. It is remembered
/// for good, so an older order is refused whoever gives it.
/// </summary>
public sealed class PostgresSettings : ISettings
{
    readonly PostgresStore store;

    internal PostgresSettings(PostgresStore store) => this.store = store;

    /// <summary>Told after a change, with the service.</summary>
    public event Action<string>? Changed;

    public async Task Set(SettingOrder order, CancellationToken cancel)
    {
        var put = await store.Rows(
            """
            INSERT INTO slipway.setting AS old (service, name, value, since) VALUES ($1, $2, $3, $4)
            ON CONFLICT (service, name) DO UPDATE SET value = excluded.value, since = excluded.since
            WHERE old.since <= excluded.since RETURNING since
            """,
            [order.Service, order.Name, order.Value, order.Since], row => row.GetInt64(0), cancel);
        // Asked anew: whoever was in the way may have come after this statement began.
        if (put.Count == 0) throw new OutdatedException(order.Name, order.Since, await Accepted(order, cancel));
        Changed?.Invoke(order.Service);
    }

    public async Task<Seq<SeenSetting>> Look(string service, CancellationToken cancel) => (await store.Rows(
        "SELECT name, value, since FROM slipway.setting WHERE service = $1", [service],
        row => new SeenSetting(row.GetString(0), row.TextOrNull(1), row.GetInt64(2)), cancel)).ToSeq();

    async Task<long> Accepted(SettingOrder order, CancellationToken cancel) => (await store.Rows(
        "SELECT since FROM slipway.setting WHERE service = $1 AND name = $2", [order.Service, order.Name],
        row => row.GetInt64(0), cancel))[0];
}
