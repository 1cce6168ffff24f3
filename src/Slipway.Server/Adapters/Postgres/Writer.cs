using Npgsql;
using Slipway.Adapters.Journals;
using Slipway.Running;

namespace Slipway.Adapters.Postgres;

/// <summary>
/// The one connection of a node that writes: whatever waits is one round trip and one commit. Other nodes do the same,
/// so the end of each stream is locked, compared, and moved.
/// </summary>
sealed class Writer
{
    readonly Inbox inbox = new();
    readonly PostgresStore store;
    readonly Watchers watchers;
    readonly string own;
    readonly Task running;

    /// <param name="own">What this node calls itself in notices: it has told its own watchers already.</param>
    public Writer(PostgresStore store, Watchers watchers, string own)
    {
        (this.store, this.watchers, this.own) = (store, watchers, own);
        running = Task.Run(Run);
    }

    public Task<bool> Write(Entry entry, CancellationToken cancel) => inbox.Write(entry, cancel);

    /// <summary>Writes what waits, and ends.</summary>
    public async Task Stop()
    {
        inbox.Close();
        await running;
    }

    async Task Run()
    {
        var (waiting, appends, saves) = (new List<Entry>(), new Dictionary<string, Entry.Append>(),
            new Dictionary<string, Entry.Save>());
        while (waiting.Count > 0 || await inbox.Any())
        {
            inbox.Gather(waiting);
            // One of each stream: the next one can only be judged by what this one has left.
            waiting.RemoveAll(entry => entry switch
            {
                Entry.Append append => appends.TryAdd(append.Stream, append),
                Entry.Save save => saves.TryAdd(save.Fold.Stream, save),
                _ => false,
            });
            await Write([.. appends.Values], [.. saves.Values]);
            appends.Clear();
            saves.Clear();
        }
    }

    async Task Write(Entry.Append[] appends, Entry.Save[] saves)
    {
        Entry[] all = [.. appends, .. saves];
        try
        {
            var won = await Commit(appends, saves);
            foreach (var append in appends) append.Written = won.Contains(append.Stream);
            foreach (var entry in all) entry.Complete();
            watchers.Tell(won);
        }
        // Whatever it is belongs to the appenders: the writer has to go on for the others.
        catch (Exception e)
        {
            foreach (var entry in all) entry.Fail(e);
        }
    }

    /// <summary>The streams whose appends have won. All is committed, or its fate is unknown.</summary>
    Task<HashSet<string>> Commit(Entry.Append[] appends, Entry.Save[] saves) => store.Use(async db =>
    {
        await using var batch = new NpgsqlBatch(db) { Timeout = Limits.AppendSecondsMax };
        if (appends.Length > 0) AddAppends(batch, appends);
        if (saves.Length > 0) AddSaves(batch, saves.Select(save => save.Fold).ToArray());
        var won = new HashSet<string>(StringComparer.Ordinal);
        await using var rows = await batch.ExecuteReaderAsync();
        do
        {
            if (rows.FieldCount == 0 || rows.GetName(0) != "won") continue;
            while (await rows.ReadAsync()) won.Add(rows.GetString(0));
        }
        while (await rows.NextResultAsync());
        return won;
    }, CancellationToken.None);

    void AddAppends(NpgsqlBatch batch, Entry.Append[] appends)
    {
        var names = appends.Select(append => append.Stream).ToArray();
        var begun = appends.Where(append => append.Expected == 0).Select(append => append.Stream)
            .Order(StringComparer.Ordinal).ToArray();
        if (begun.Length > 0)
            batch.Add(
                "INSERT INTO slipway.stream (name, sequence) SELECT unnest($1), 0 ON CONFLICT DO NOTHING", [begun]);
        // In one order on every node, so that no two wait for each other.
        batch.Add("SELECT 1 FROM slipway.stream WHERE name = ANY ($1) ORDER BY name FOR UPDATE", [names]);
        var lines = appends.SelectMany(append => append.Lines.Select(line => (append.Stream, Line: line))).ToArray();
        batch.Add(
            """
            WITH wanted AS (SELECT * FROM unnest($1, $2, $3) AS w (stream, expected, last)),
            moved AS (
                UPDATE slipway.stream s SET sequence = w.last FROM wanted w
                WHERE s.name = w.stream AND s.sequence = w.expected RETURNING s.name),
            written AS (
                INSERT INTO slipway.event (stream, sequence, at, by, command, body)
                SELECT e.* FROM unnest($4, $5, $6, $7, $8, $9) AS e (stream, sequence, at, by, command, body)
                JOIN moved ON moved.name = e.stream)
            SELECT name AS won FROM moved
            """,
            names,
            appends.Select(append => append.Expected).ToArray(),
            appends.Select(append => append.Lines[^1].Sequence).ToArray(),
            lines.Select(each => each.Stream).ToArray(),
            lines.Select(each => each.Line.Sequence).ToArray(),
            lines.Select(each => each.Line.At).ToArray(),
            lines.Select(each => each.Line.By).ToArray(),
            lines.Select(each => each.Line.Command).ToArray(),
            lines.Select(each => each.Line.Body).ToArray());
        batch.Add("SELECT pg_notify($1, $2)", Notice.Channel, Notice.Of(own, names));
    }

    /// <summary>None of events that are not there: such a snapshot would be of something else.</summary>
    static void AddSaves(NpgsqlBatch batch, SavedFold[] folds) => batch.Add(
        """
        INSERT INTO slipway.snapshot AS old (stream, sequence, version, state)
        SELECT w.stream, w.last, w.version, w.state
        FROM unnest($1, $2, $3, $4) AS w (stream, last, version, state)
        JOIN slipway.stream s ON s.name = w.stream AND s.sequence >= w.last
        ON CONFLICT (stream) DO UPDATE
        SET sequence = excluded.sequence, version = excluded.version, state = excluded.state
        WHERE excluded.sequence >= old.sequence OR excluded.version <> old.version
        """,
        folds.Select(fold => fold.Stream).ToArray(),
        folds.Select(fold => fold.Sequence).ToArray(),
        folds.Select(fold => fold.StateVersion).ToArray(),
        folds.Select(fold => fold.State).ToArray());
}
