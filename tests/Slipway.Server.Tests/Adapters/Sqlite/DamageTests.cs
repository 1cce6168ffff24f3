using Shouldly;
using Slipway.Adapters.Journals;
using Slipway.Adapters.Sqlite;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sqlite;

/// <summary>What SQLite itself does not notice.</summary>
public sealed class DamageTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;

    readonly TemporaryFolder folder = new();

    string Database => folder.File("journal.db");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("body = replace(body, 'text', 'test')")]
    [InlineData("at = '2026-03-01T12:30:18.1240000+02:00'")]
    [InlineData("by = 'bob'")]
    [InlineData("command = NULL")]
    [InlineData("chain = zeroblob(32)")]
    public async Task An_event_that_was_changed_is_named_when_it_is_read_and_the_other_streams_are_read(string change)
    {
        await Fill();
        RawDatabase.Run(Database, $"UPDATE event SET {change} WHERE stream = 'shop' AND sequence = 3");

        await using var journal = SqliteJournal.Open(folder.Path);
        (await Should.ThrowAsync<JournalException>(() => journal.Read("shop", 0, None))).Message.ShouldBe(
            $"Event 3 of 'shop' in {Database} is not what was written: its checksum does not fit. "
            + "Keep a copy of it for later, and put the newest backup in its place.");
        (await journal.Read("api", 0, None)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Events_that_changed_places_are_noticed()
    {
        await Fill();
        RawDatabase.Run(Database, "UPDATE event SET sequence = 99 WHERE stream = 'shop' AND sequence = 2");
        RawDatabase.Run(Database, "UPDATE event SET sequence = 2 WHERE stream = 'shop' AND sequence = 3");
        RawDatabase.Run(Database, "UPDATE event SET sequence = 3 WHERE stream = 'shop' AND sequence = 99");
        await ShouldRefuse("Event 2 of 'shop'", 0);
    }

    [Fact]
    public async Task An_event_of_another_stream_is_noticed()
    {
        await Fill();
        RawDatabase.Run(Database, "DELETE FROM event WHERE stream = 'shop'");
        RawDatabase.Run(Database, "UPDATE event SET stream = 'shop' WHERE stream = 'api'");
        await ShouldRefuse("Event 1 of 'shop'", 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_event_that_is_gone_is_noticed_wherever_reading_begins(long after)
    {
        await Fill();
        RawDatabase.Run(Database, "DELETE FROM event WHERE stream = 'shop' AND sequence = 3");
        await ShouldRefuse("of 'shop' is missing from", after);
    }

    [Fact]
    public async Task A_kind_of_event_that_is_not_known_asks_for_a_newer_Slipway()
    {
        await Fill();
        var line = new Line(6, "2026-03-01T12:30:18.1240000+02:00", "ann", null, """{"is":"teleported"}""");
        var chain = Convert.ToHexString(Chain.Next(await ChainAt(5), "shop", line));
        RawDatabase.Run(Database,
            $"INSERT INTO event VALUES ('shop', 6, '{line.At}', 'ann', NULL, '{line.Body}', x'{chain}')");
        await ShouldRefuse("Event 6 of 'shop'", 0);
        await ShouldRefuse("Run the newer Slipway that wrote it.", 0);
    }

    [Theory]
    [InlineData("UPDATE snapshot SET state = 'other'")]
    [InlineData("UPDATE snapshot SET sequence = 4")]
    [InlineData("DELETE FROM event WHERE stream = 'shop' AND sequence = 5")]
    public async Task A_snapshot_that_does_not_fit_its_events_is_left_out(string damage)
    {
        await Fill();
        await using (var journal = SqliteJournal.Open(folder.Path))
        {
            await journal.Save(new("shop", 5, 1, "state"), None);
            (await journal.Snapshots(1, None)).Count.ShouldBe(1);
        }
        RawDatabase.Run(Database, damage);

        await using var again = SqliteJournal.Open(folder.Path);
        (await again.Snapshots(1, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_in_use_is_not_written_any_more()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        await journal.Append("shop", 0, JournalCompliance.Events(1, 1), None);
        File.Move(Database, folder.File("elsewhere"));

        (await Should.ThrowAsync<IOException>(() => journal.Append("shop", 1, JournalCompliance.Events(2, 1), None)))
            .Message.ShouldBe(
                $"{Database} was deleted or replaced while Slipway was using it. Put it back, and it goes on.");
        File.Move(folder.File("elsewhere"), Database);
        (await journal.Append("shop", 1, JournalCompliance.Events(2, 1), None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lock_that_is_deleted_while_in_use_stops_the_writing()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        File.Delete(folder.File("journal.lock"));
        (await Refused(journal)).ShouldBe(
            $"{folder.File("journal.lock")} was deleted, so a second Slipway could use the journal. "
            + "Start Slipway again.");
    }

    [Fact]
    public async Task Somebody_else_who_writes_to_the_file_is_noticed()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        await journal.Append("shop", 0, JournalCompliance.Events(1, 1), None);
        RawDatabase.Run(Database, "INSERT INTO event SELECT stream, 2, at, by, command, body, chain FROM event");
        (await Refused(journal)).ShouldStartWith($"Somebody else has appended event 2 of 'shop' to {Database}");
    }

    [Fact]
    public async Task Another_program_that_keeps_the_file_locked_is_named_reads_go_on_and_its_end_heals_it()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        await journal.Append("shop", 0, JournalCompliance.Events(1, 1), None);
        using (var other = Opening.Connect(Database, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            other.Run("BEGIN IMMEDIATE");
            var refused = await Should.ThrowAsync<IOException>(
                () => journal.Append("shop", 1, JournalCompliance.Events(2, 1), None));
            refused.Message.ShouldBe(
                $"Another program keeps {Database} locked: close it, Slipway needs the file to itself. (SQLite 5/5)");
            (await journal.Read("shop", 0, None)).Count.ShouldBe(1);
            other.Run("ROLLBACK");
        }
        (await journal.Append("shop", 1, JournalCompliance.Events(2, 1), None)).ShouldBeTrue();
    }

    async Task ShouldRefuse(string words, long after)
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        (await Should.ThrowAsync<JournalException>(() => journal.Read("shop", after, None))).Message
            .ShouldContain(words);
    }

    static async Task<string> Refused(SqliteJournal journal) =>
        (await Should.ThrowAsync<JournalException>(
            () => journal.Append("shop", 1, JournalCompliance.Events(2, 1), None))).Message;

    async Task<byte[]> ChainAt(long sequence)
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        var chain = Chain.Start;
        foreach (var recorded in await journal.Read("shop", 0, None))
            if (recorded.Sequence <= sequence) chain = Chain.Next(chain, "shop", Line.Of(recorded));
        return chain;
    }

    async Task Fill()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        await journal.Append("shop", 0, JournalCompliance.Events(1, 5), None);
        await journal.Append("api", 0, JournalCompliance.Events(1, 5), None);
    }
}
