using Npgsql;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// The tables, as the steps that lead to them. A step that was released is never changed: a new one is added, and every
/// store walks the steps that it has not gone yet.
/// </summary>
static class Schema
{
    /// <summary>"slipway": whoever upgrades holds it, and others wait.</summary>
    const long Lock = 0x736C6970776179;

    public static readonly Seq<string> Steps =
    [
        """
        CREATE TABLE slipway.stream (
            name     text   COLLATE "C" PRIMARY KEY,
            sequence bigint NOT NULL
        );
        CREATE TABLE slipway.event (
            stream   text   COLLATE "C" NOT NULL,
            sequence bigint NOT NULL,
            at       text   NOT NULL,
            by       text   NOT NULL,
            command  text,
            body     text   NOT NULL,
            PRIMARY KEY (stream, sequence)
        );
        CREATE TABLE slipway.snapshot (
            stream   text   COLLATE "C" PRIMARY KEY,
            sequence bigint NOT NULL,
            version  int    NOT NULL,
            state    text   NOT NULL
        );
        CREATE TABLE slipway.setting (
            service  text   COLLATE "C" NOT NULL,
            name     text   COLLATE "C" NOT NULL,
            value    text,
            since    bigint NOT NULL,
            PRIMARY KEY (service, name)
        );
        CREATE TABLE slipway.node (
            id      text        PRIMARY KEY,
            url     text        NOT NULL,
            machine text        NOT NULL,
            folder  text        NOT NULL,
            until   timestamptz NOT NULL
        );
        CREATE TABLE slipway.lease (
            one   boolean     PRIMARY KEY DEFAULT true CHECK (one),
            node  text        NOT NULL,
            epoch bigint      NOT NULL,
            until timestamptz NOT NULL
        );
        INSERT INTO slipway.lease (node, epoch, until) VALUES ('', 0, '-infinity');
        """,
    ];

    public static async Task Upgrade(
        NpgsqlConnection db, StoreUrl url, Seq<string> steps, CancellationToken cancel)
    {
        var server = int.Parse(await Text(db, "SHOW server_version_num", cancel) ?? "0", null) / 10_000;
        if (server < Limits.VersionMin) throw Trouble.TooOld(url, server);
        if (await Text(db, "SELECT pg_is_in_recovery()::text", cancel) == "true") throw Trouble.Copy(url);

        await using var all = await db.BeginTransactionAsync(cancel);
        await Run(db, $"SELECT pg_advisory_xact_lock({Lock})", cancel);
        var version = await Version(db, url, cancel);
        if (version > steps.Count) throw Trouble.Newer(url, version, steps.Count);
        if (version == steps.Count) return;
        foreach (var step in steps.Skip(version)) await Run(db, step, cancel);
        await Run(db, $"UPDATE slipway.version SET number = {steps.Count}", cancel);
        await all.CommitAsync(cancel);
    }

    /// <summary>How many steps have been gone; a store that there is not yet has gone none.</summary>
    static async Task<int> Version(NpgsqlConnection db, StoreUrl url, CancellationToken cancel)
    {
        if (await Text(db, "SELECT to_regclass('slipway.version')::text", cancel) is not null)
            return int.Parse(await Text(db, "SELECT number::text FROM slipway.version", cancel) ?? "0", null);
        if (await Text(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'slipway' LIMIT 1", cancel) is not null)
            throw Trouble.Foreign(url);
        if (await Text(db, "SELECT nspname FROM pg_namespace WHERE nspname = 'slipway'", cancel) is null)
            await Run(db, "CREATE SCHEMA slipway", cancel);
        await Run(db,
            "CREATE TABLE slipway.version (number int NOT NULL); INSERT INTO slipway.version VALUES (0)", cancel);
        return 0;
    }

    static async Task Run(NpgsqlConnection db, string sql, CancellationToken cancel)
    {
        await using var command = db.Prepared(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static async Task<string?> Text(NpgsqlConnection db, string sql, CancellationToken cancel)
    {
        await using var command = db.Prepared(sql);
        return await command.ExecuteScalarAsync(cancel) as string;
    }
}
