using System.Data.Common;
using Npgsql;

namespace Slipway.Adapters.Postgres;

static class Statements
{
    public static NpgsqlCommand Prepared(this NpgsqlConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        var command = db.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this folder; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Put(values);
        return command;
    }

    /// <summary>One more of what is sent together, and committed together.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Put(values);
        batch.BatchCommands.Add(command);
    }

    public static string? TextOrNull(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    static void Put(this NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
    }
}
