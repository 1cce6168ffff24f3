using Microsoft.Data.Sqlite;

namespace Slipway.Adapters.Sqlite;

static class Copy
{
    public static void To(string file, Place place)
    {
        if (File.Exists(file)) throw new IOException($"{file} is there already: name a new file for the backup.");

        // Under its own name only when it is whole and on the disk: half a backup must not look like one.
        var part = file + ".part";
        try
        {
            File.Delete(part);
            using (var db = Opening.Connect(place.Database, SqliteOpenMode.ReadWrite))
            using (var vacuum = db.Prepared("VACUUM INTO $1", "$1").With(part))
                vacuum.ExecuteNonQuery();
            using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
                written.Flush(flushToDisk: true);
            File.Move(part, file);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The backup to {file} failed: its folder must exist, have room, and be writable. ({e.Message})", e);
        }
        finally
        {
            if (File.Exists(part)) File.Delete(part);
        }
    }
}
