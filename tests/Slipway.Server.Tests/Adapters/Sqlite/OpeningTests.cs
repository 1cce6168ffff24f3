using Shouldly;
using Slipway.Adapters.Sqlite;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Sqlite;

public sealed class OpeningTests : IDisposable
{
    const string Restore = "Keep a copy of it for later, and put the newest backup in its place.";

    readonly TemporaryFolder folder = new();

    string Database => folder.File("journal.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_appended_is_there_after_closing_and_opening()
    {
        await Fill(3);
        await using var journal = SqliteJournal.Open(folder.Path);
        (await journal.Read("shop", 0, CancellationToken.None)).Count.ShouldBe(3);
        (await journal.Append("shop", 3, JournalCompliance.Events(4, 1), CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = folder.File("missing");
        Refusal(missing).ShouldBe($"The folder {missing} does not exist: create it, or name another one.");
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_named()
    {
        Directory.CreateDirectory(Database);
        Refusal().ShouldBe($"{Database} is a folder: move it away, the journal's file belongs there.");
    }

    [Fact]
    public async Task An_empty_file_is_refused_where_a_journal_is_expected()
    {
        await Fill(3);
        File.WriteAllBytes(Database, []);
        Refusal().ShouldBe($"{Database} is empty, so the journal that it held is lost. {Restore}");
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("some notes of mine\n", 1000)));
        Refusal().ShouldBe($"{Database} is not a journal, or its beginning is damaged. {Restore} (SQLite 26/26)");
    }

    [Fact]
    public void Another_programs_database_is_refused_and_left_as_it_is()
    {
        RawDatabase.Run(Database, "CREATE TABLE mine (x)");
        var before = File.ReadAllBytes(Database);
        Refusal().ShouldBe(
            $"{Database} is a database, but not a journal of Slipway. Move it away, or use another folder.");
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public async Task A_journal_without_tables_is_refused()
    {
        await Fill(1);
        RawDatabase.Run(Database, "PRAGMA user_version = 0");
        Refusal().ShouldBe($"{Database} holds no journal. {Restore}");
    }

    [Fact]
    public async Task A_journal_of_a_newer_Slipway_is_refused()
    {
        await Fill(1);
        RawDatabase.Run(Database, "PRAGMA user_version = 7");
        Refusal().ShouldBe(
            $"{Database} has format 7, and this Slipway knows up to 1: run the newer Slipway that wrote it.");
    }

    [Fact]
    public async Task A_journal_of_an_older_Slipway_is_brought_up_to_date_step_by_step()
    {
        await Fill(2);
        var steps = Schema.Steps.Add("ALTER TABLE event ADD COLUMN node TEXT").Add("CREATE TABLE node (name TEXT)");
        await using (var journal = SqliteJournal.Open(folder.Path, steps))
            (await journal.Read("shop", 0, CancellationToken.None)).Count.ShouldBe(2);

        RawDatabase.Number(Database, "PRAGMA user_version").ShouldBe(3);
        RawDatabase.Number(Database, "SELECT count(*) FROM node").ShouldBe(0);
        RawDatabase.Number(Database, "SELECT count(*) FROM event WHERE node IS NULL").ShouldBe(2);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_journal_as_it_was()
    {
        await Fill(2);
        var steps = Schema.Steps.Add("ALTER TABLE event ADD COLUMN node TEXT")
            .Add("DROP TABLE event; CREATE TABLE snapshot (x)");
        Should.Throw<JournalException>(() => SqliteJournal.Open(folder.Path, steps));

        RawDatabase.Number(Database, "PRAGMA user_version").ShouldBe(2);
        RawDatabase.Number(Database, "SELECT count(*) FROM event").ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_was_cut_in_half_is_refused()
    {
        await Fill(400);
        using (var file = File.OpenWrite(Database)) file.SetLength(file.Length / 2);
        Refusal().ShouldBe($"{Database} is damaged. {Restore} (SQLite 11/11)");
    }

    [Fact]
    public async Task A_damaged_first_page_is_refused()
    {
        await Fill(400);
        Overwrite(at: 100);
        Refusal().ShouldStartWith($"{Database} is damaged. {Restore}");
    }

    [Fact]
    public async Task A_damaged_page_in_the_middle_is_found_before_it_is_read()
    {
        await Fill(400);
        Overwrite(at: 8 * 4096);
        Refusal().ShouldStartWith($"{Database} is damaged. {Restore}");
    }

    [Fact]
    public async Task A_journal_that_lost_its_database_but_not_its_log_is_refused()
    {
        await Fill(1);
        File.Move(Database, Database + "-wal");
        Refusal().ShouldBe(
            $"{Database} is missing, but {Database}-wal is there: the two are one journal. "
            + "Put both back, or a backup in the place of both.");
    }

    [Fact]
    public async Task A_second_Slipway_is_refused_until_the_first_has_ended()
    {
        await using (SqliteJournal.Open(folder.Path))
        {
            Refusal().ShouldBe($"{folder.Path} is in use by another Slipway. To see it: slipway status. "
                + "To have two: another folder with --data.");
            (await CrashProgram.Run("open", folder.Path)).ShouldHaveSingleItem()
                .ShouldContain("is in use by another Slipway");
        }
        (await CrashProgram.Run("open", folder.Path)).ShouldBe(["opened"]);
    }

    [Fact]
    public async Task Locks_that_are_switched_off_are_refused()
    {
        (await CrashProgram.RunWith("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "open", folder.Path))
            .ShouldHaveSingleItem().ShouldContain("unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING");
    }

    [FactNeeding("setpriv")]
    public async Task A_folder_that_may_not_be_written_is_named()
    {
        await Fill(1);
        Allow(folder.Path, "r-xr-xr-x");
        (await CrashProgram.RunAsOrdinaryUser("open", folder.Path)).ShouldHaveSingleItem().ShouldBe(
            $"{folder.File("journal.lock")} cannot be written: give the user that runs Slipway the right to write "
            + $"{folder.Path} and the files in it.");
        Allow(folder.Path, "rwxrwxrwx");
    }

    [FactNeeding("setpriv")]
    public async Task A_folder_in_which_nothing_new_may_be_made_is_named()
    {
        await Fill(1);
        AllowAllButTheDatabase();
        Allow(Database, "rw-rw-rw-");
        Allow(folder.Path, "r-xr-xr-x");
        (await CrashProgram.RunAsOrdinaryUser("open", folder.Path)).ShouldHaveSingleItem().ShouldBe(
            $"The folder {folder.Path} cannot be written: give the user that runs Slipway the right to write there. "
            + "(SQLite 8/1544)");
        Allow(folder.Path, "rwxrwxrwx");
    }

    [FactNeeding("setpriv")]
    public async Task A_file_that_may_not_be_written_is_named()
    {
        await Fill(1);
        AllowAllButTheDatabase();
        (await CrashProgram.RunAsOrdinaryUser("open", folder.Path)).ShouldHaveSingleItem().ShouldBe(
            $"{Database} cannot be written: give the user that runs Slipway the right to write it, "
            + "or mount its file system for writing. (SQLite 8/8)");
    }

    void AllowAllButTheDatabase()
    {
        Allow(folder.Path, "rwxrwxrwx");
        Allow(folder.File("journal.lock"), "rw-rw-rw-");
        Allow(folder.File("journal.reserve"), "rw-rw-rw-");
        Allow(Database, "r--r--r--");
    }

    static void Allow(string path, string rights)
    {
        var mode = Enumerable.Range(0, 9).Where(i => rights[i] != '-').Aggregate(0, (sum, i) => sum | (1 << (8 - i)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    void Overwrite(int at)
    {
        using var file = File.OpenWrite(Database);
        file.Position = at;
        file.Write(Enumerable.Repeat((byte)0xA5, 2000).ToArray());
    }

    string Refusal(string? path = null) =>
        Should.Throw<JournalException>(() => SqliteJournal.Open(path ?? folder.Path)).Message;

    async Task Fill(int events)
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        await journal.Append(
            "shop", 0, JournalCompliance.Events(1, events, "some text of a middling length"), CancellationToken.None);
    }
}
