using Microsoft.Data.Sqlite;

namespace Slipway.Adapters.Sqlite;

/// <summary>
/// The tables, as the steps that lead to them. A step that was released is never changed: a new one is added, and every
/// journal walks the steps that it has not gone yet.
/// </summary>
static class Schema
{
    /// <summary>"slip": tells a journal from an empty file and from other programs' databases.</summary>
    public const int ApplicationId = 0x736C6970;

    public static readonly Seq<string> Steps =
    [
        """
        CREATE TABLE event (
            stream   TEXT    NOT NULL,
            sequence INTEGER NOT NULL,
            at       TEXT    NOT NULL,
            by       TEXT    NOT NULL,
            command  TEXT,
            body     TEXT    NOT NULL,
            chain    BLOB    NOT NULL,
            PRIMARY KEY (stream, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE snapshot (
            stream   TEXT    NOT NULL PRIMARY KEY,
            sequence INTEGER NOT NULL,
            version  INTEGER NOT NULL,
            state    TEXT    NOT NULL,
            seal     BLOB    NOT NULL
        ) WITHOUT ROWID;
        """,
    ];

    public static void Upgrade(SqliteConnection db, Seq<string> steps)
    {
        for (var version = db.Number("PRAGMA user_version"); version < steps.Count; version++)
        {
            var (step, next) = (steps[(int)version], version + 1);
            db.Atomically(() =>
            {
                db.Run(step);
                db.Run($"PRAGMA user_version = {next}");
            });
        }
    }
}
