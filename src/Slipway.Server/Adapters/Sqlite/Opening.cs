using Microsoft.Data.Sqlite;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>
/// How a journal's file becomes a connection: made when it is missing, looked through, brought up to date.
/// </summary>
static class Opening
{
    static Opening() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection ForWriting(Place place, Seq<string> steps)
    {
        try
        {
            if (!File.Exists(place.Database)) Create(place, steps);
            return Look(place, steps);
        }
        catch (SqliteException e)
        {
            throw Trouble.Refusal(e, place);
        }
    }

    /// <summary>Sees what was committed before; never waits for the writer, and never makes it wait.</summary>
    public static SqliteConnection ForReading(Place place)
    {
        var db = Connect(place.Database, SqliteOpenMode.ReadWrite);
        try
        {
            db.Run("PRAGMA query_only = 1");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    public static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var db = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = Limits.BusySecondsMax,
        }.ToString());
        try
        {
            db.Open();
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    static void Create(Place place, Seq<string> steps)
    {
        if (Directory.Exists(place.Database))
            throw new JournalException(
                $"{place.Database} is a folder: move it away, the journal's file belongs there.");
        if (File.Exists(place.Wal))
            throw new JournalException(
                $"{place.Database} is missing, but {place.Wal} is there: the two are one journal. "
                + "Put both back, or a backup in the place of both.");

        File.Delete(place.Unborn);
        File.Delete(place.Unborn + "-journal");
        using (var db = Connect(place.Unborn, SqliteOpenMode.ReadWriteCreate))
        {
            db.Run($"PRAGMA application_id = {Schema.ApplicationId}");
            Schema.Upgrade(db, steps);
        }
        File.Move(place.Unborn, place.Database);
    }

    static SqliteConnection Look(Place place, Seq<string> steps)
    {
        if (new FileInfo(place.Database).Length == 0)
            throw new JournalException(
                $"{place.Database} is empty, so the journal that it held is lost. {Trouble.Restore}");

        var db = Connect(place.Database, SqliteOpenMode.ReadWrite);
        try
        {
            RefuseForeign(db, place);
            RefuseNewer(db, place, steps.Count);
            RefuseDamaged(db, place);
            Prepare(db, place);
            Schema.Upgrade(db, steps);
            // The first write is made here: what cannot be written is said at the start, not in the middle of a
            // release.
            db.Run($"PRAGMA user_version = {steps.Count}");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    static void RefuseForeign(SqliteConnection db, Place place)
    {
        if (db.Number("PRAGMA application_id") != Schema.ApplicationId)
            throw new JournalException(
                $"{place.Database} is a database, but not a journal of Slipway. Move it away, or use another folder.");
    }

    static void RefuseNewer(SqliteConnection db, Place place, int known)
    {
        var version = db.Number("PRAGMA user_version");
        if (version > known)
            throw new JournalException(
                $"{place.Database} has format {version}, and this Slipway knows up to {known}: "
                + "run the newer Slipway that wrote it.");
        if (version == 0)
            throw new JournalException($"{place.Database} holds no journal. {Trouble.Restore}");
    }

    static void RefuseDamaged(SqliteConnection db, Place place)
    {
        var found = db.Text("PRAGMA quick_check(1)");
        if (found != "ok") throw new JournalException($"{Trouble.Damaged(place)} ({found})");
    }

    static void Prepare(SqliteConnection db, Place place)
    {
        var mode = db.Text("PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw new JournalException(
                $"{place.Database} cannot be read while it is written there: use a local file system.");
        db.Run("PRAGMA synchronous = FULL");
        db.Run($"PRAGMA journal_size_limit = {Limits.WalBytesKept}");
    }
}
