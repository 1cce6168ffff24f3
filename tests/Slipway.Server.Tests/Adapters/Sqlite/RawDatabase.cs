using Microsoft.Data.Sqlite;
using Slipway.Adapters.Sqlite;

namespace Slipway.Tests.Adapters.Sqlite;

/// <summary>The journal's file in other hands than the journal's.</summary>
static class RawDatabase
{
    public static void Run(string file, string sql)
    {
        using var db = Opening.Connect(file, SqliteOpenMode.ReadWriteCreate);
        db.Run(sql);
    }

    public static long Number(string file, string sql)
    {
        using var db = Opening.Connect(file, SqliteOpenMode.ReadWrite);
        return db.Number(sql);
    }
}
