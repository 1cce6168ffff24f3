using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Slipway.Adapters.Journals;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>What the writer writes, inside a transaction of its connection.</summary>
sealed class Table(SqliteConnection db, Place place) : IDisposable
{
    const int Constraint = 19;

    readonly SqliteCommand insert = db.Prepared(
        "INSERT INTO event (stream, sequence, at, by, command, body, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        "$1", "$2", "$3", "$4", "$5", "$6", "$7");
    readonly SqliteCommand last = db.Prepared(
        "SELECT sequence, chain FROM event WHERE stream = $1 ORDER BY sequence DESC LIMIT 1", "$1");
    readonly SqliteCommand chainAt = db.Prepared(
        "SELECT chain FROM event WHERE stream = $1 AND sequence = $2", "$1", "$2");
    readonly SqliteCommand save = db.Prepared(
        """
        INSERT INTO snapshot (stream, sequence, version, state, seal) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO UPDATE SET sequence = $2, version = $3, state = $4, seal = $5
        WHERE $2 >= sequence OR $3 <> version
        """,
        "$1", "$2", "$3", "$4", "$5");

    readonly Dictionary<string, Head> heads = [];

    public bool Write(Entry entry) => entry switch
    {
        Entry.Append append => Append(append),
        Entry.Save save => Save(save.Fold),
        _ => throw new UnreachableException(entry.GetType().Name),
    };

    /// <summary>
    /// After a transaction that was not committed: what it had added to the ends of streams never was.
    /// </summary>
    public void Forget() => heads.Clear();

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[insert, last, chainAt, save]) command.Dispose();
    }

    /// <summary>False when the stream has another end than the one that the append was made for.</summary>
    bool Append(Entry.Append append)
    {
        var head = HeadOf(append.Stream);
        if (head.Sequence != append.Expected) return false;

        foreach (var line in append.Lines)
        {
            head = new(line.Sequence, Chain.Next(head.Chain, append.Stream, line));
            try
            {
                insert.With(append.Stream, line.Sequence, line.At, line.By, line.Command, line.Body, head.Chain)
                    .ExecuteNonQuery();
            }
            catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
            {
                throw new JournalException(
                    $"Somebody else has appended event {line.Sequence} of '{append.Stream}' to {place.Database}, "
                    + "which belongs to this Slipway alone. "
                    + "Stop whatever else writes to the file, then start Slipway again.", e);
            }
        }
        heads[append.Stream] = head;
        return true;
    }

    /// <summary>False when the stream has no event there: such a snapshot would be of something else.</summary>
    bool Save(SavedFold snapshot)
    {
        if (chainAt.With(snapshot.Stream, snapshot.Sequence).ExecuteScalar() is not byte[] chain) return false;
        save.With(snapshot.Stream, snapshot.Sequence, snapshot.StateVersion, snapshot.State, Chain.Of(snapshot, chain))
            .ExecuteNonQuery();
        return true;
    }

    Head HeadOf(string stream)
    {
        if (heads.TryGetValue(stream, out var known)) return known;
        using var reader = last.With(stream).ExecuteReader();
        if (heads.Count >= Limits.HeadsMax) heads.Clear();
        return heads[stream] = reader.Read() ? new(reader.GetInt64(0), (byte[])reader[1]) : new(0, Chain.Start);
    }

    readonly record struct Head(long Sequence, byte[] Chain);
}
