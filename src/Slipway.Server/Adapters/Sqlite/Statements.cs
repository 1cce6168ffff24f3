using Microsoft.Data.Sqlite;

namespace Slipway.Adapters.Sqlite;

static class Statements
{
    public static void Run(this SqliteConnection db, string sql)
    {
        using var command = db.Prepared(sql);
        command.ExecuteNonQuery();
    }

    public static long Number(this SqliteConnection db, string sql) => Convert.ToInt64(db.Value(sql), null);

    public static string Text(this SqliteConnection db, string sql) => (string)db.Value(sql)!;

    /// <summary>With one parameter for each name, to be given its value before each use.</summary>
    public static SqliteCommand Prepared(this SqliteConnection db, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = db.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this folder; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    /// <summary>
    /// All of it or nothing. Not the provider's own transaction: SQLite rolls back by itself when the disk is full, and
    /// that one then fails at its end and hides why.
    /// </summary>
    public static void Atomically(this SqliteConnection db, Action write)
    {
        // Immediate: one that begins by reading could not wait for its turn to write.
        db.Run("BEGIN IMMEDIATE");
        try
        {
            write();
            db.Run("COMMIT");
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(db.Handle) == 0) db.Run("ROLLBACK");
            throw;
        }
    }

    static object? Value(this SqliteConnection db, string sql)
    {
        using var command = db.Prepared(sql);
        return command.ExecuteScalar();
    }
}
