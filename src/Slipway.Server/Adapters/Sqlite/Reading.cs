using Microsoft.Data.Sqlite;
using Slipway.Adapters.Journals;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Sqlite;

/// <summary>What is read, and the doubt that it is read with.</summary>
static class Reading
{
    public static Seq<StreamHead> Streams(SqliteConnection db)
    {
        // Jumps from stream to stream along the key; grouping would read every event.
        using var command = db.Prepared(
            """
            WITH RECURSIVE one (stream) AS (
                SELECT min(stream) FROM event
                UNION ALL
                SELECT (SELECT min(stream) FROM event WHERE stream > one.stream) FROM one WHERE one.stream IS NOT NULL)
            SELECT stream, (SELECT max(sequence) FROM event WHERE event.stream = one.stream) FROM one
            WHERE stream IS NOT NULL
            """);
        using var rows = command.ExecuteReader();
        var heads = new List<StreamHead>();
        while (rows.Read()) heads.Add(new(rows.GetString(0), rows.GetInt64(1)));
        return heads.ToSeq();
    }

    public static Seq<Recorded> Events(SqliteConnection db, Place place, string stream, long after)
    {
        // The event before the first wanted one is where the chain goes on from.
        using var command = db.Prepared(
            """
            SELECT sequence, at, by, command, body, chain FROM event
            WHERE stream = $1 AND sequence >= $2 ORDER BY sequence
            """,
            "$1", "$2").With(stream, after);
        using var rows = command.ExecuteReader();

        var events = new List<Recorded>();
        var (sequence, chain) = (after, after <= 0 ? Chain.Start : null);
        while (rows.Read())
        {
            var line = new Line(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2),
                rows.IsDBNull(3) ? null : rows.GetString(3), rows.GetString(4));
            var stored = (byte[])rows[5];
            if (chain is null && line.Sequence == after)
            {
                chain = stored;
                continue;
            }
            if (chain is null || line.Sequence != ++sequence) throw Missing(stream, sequence, place);
            chain = Chain.Next(chain, stream, line);
            if (!stored.AsSpan().SequenceEqual(chain)) throw Changed(stream, line.Sequence, place);
            events.Add(line.Read(stream, place.Database));
        }
        return events.ToSeq();
    }

    /// <summary>
    /// A snapshot that does not fit its event is left out: it is a cache, and what it was made of is there.
    /// </summary>
    public static Seq<SavedFold> Snapshots(SqliteConnection db, int stateVersion)
    {
        using var command = db.Prepared(
            """
            SELECT s.stream, s.sequence, s.state, s.seal, e.chain FROM snapshot s
            JOIN event e ON e.stream = s.stream AND e.sequence = s.sequence
            WHERE s.version = $1
            """,
            "$1").With(stateVersion);
        using var rows = command.ExecuteReader();
        var snapshots = new List<SavedFold>();
        while (rows.Read())
        {
            var snapshot = new SavedFold(rows.GetString(0), rows.GetInt64(1), stateVersion, rows.GetString(2));
            if (Chain.Of(snapshot, (byte[])rows[4]).AsSpan().SequenceEqual((byte[])rows[3])) snapshots.Add(snapshot);
        }
        return snapshots.ToSeq();
    }

    static JournalException Missing(string stream, long sequence, Place place) => new(
        $"Event {sequence} of '{stream}' is missing from {place.Database}, though later ones are there. "
        + Trouble.Restore);

    static JournalException Changed(string stream, long sequence, Place place) => new(
        $"Event {sequence} of '{stream}' in {place.Database} is not what was written: its checksum does not fit. "
        + Trouble.Restore);
}
