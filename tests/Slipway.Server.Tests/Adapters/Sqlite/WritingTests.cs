using Shouldly;
using Slipway.Adapters.Sqlite;
using Slipway.Support;
using Limits = Slipway.Adapters.Journals.Limits;

namespace Slipway.Tests.Adapters.Sqlite;

public sealed class WritingTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_conflict_fails_alone_among_those_that_share_its_commit()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            journal.Append($"service {i / 2}", 0, JournalCompliance.Events(1, 2, $"appender {i}"), None)));

        outcomes.Chunk(2).ShouldAllBe(pair => pair[0] != pair[1]);
        (await journal.Streams(None)).Count.ShouldBe(250);
    }

    [Fact]
    public async Task What_waits_is_written_before_the_journal_closes_and_nothing_afterwards()
    {
        var journal = SqliteJournal.Open(folder.Path);
        var waiting = Enumerable.Range(0, 200)
            .Select(i => journal.Append($"service {i}", 0, JournalCompliance.Events(1, 1), None)).ToList();
        await journal.DisposeAsync();

        (await Task.WhenAll(waiting)).ShouldAllBe(appended => appended);
        await Should.ThrowAsync<ObjectDisposedException>(
            () => journal.Append("late", 0, JournalCompliance.Events(1, 1), None));
        await Should.ThrowAsync<ObjectDisposedException>(() => journal.Read("late", 0, None));
    }

    [Fact]
    public async Task An_append_beyond_the_limit_is_refused_before_it_is_written()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        var tooBig = JournalCompliance.Events(1, 1, new string('x', Limits.AppendCharsMax));
        (await Should.ThrowAsync<ArgumentException>(() => journal.Append("shop", 0, tooBig, None))).Message
            .ShouldContain("is the most");
    }

    [Fact]
    public async Task A_backup_made_while_it_is_written_is_a_whole_journal()
    {
        using var elsewhere = new TemporaryFolder();
        await using var journal = SqliteJournal.Open(folder.Path);
        for (var i = 0; i < 20; i++)
            await journal.Append("shop", i * 3, JournalCompliance.Events((i * 3) + 1, 3), None);
        var writing = Task.Run(async () =>
        {
            for (var i = 20; i < 60; i++)
                await journal.Append("shop", i * 3, JournalCompliance.Events((i * 3) + 1, 3), None);
        });
        await journal.Backup(elsewhere.File("journal.db"), None);
        await writing;

        Directory.GetFiles(elsewhere.Path).ShouldBe([elsewhere.File("journal.db")]);
        await using var restored = SqliteJournal.Open(elsewhere.Path);
        var events = await restored.Read("shop", 0, None);
        events.Count.ShouldBeGreaterThanOrEqualTo(60);
        (events.Count % 3).ShouldBe(0);
        (await journal.Read("shop", 0, None)).Take(events.Count).ShouldBe(events);
    }

    [Fact]
    public async Task A_backup_never_takes_the_place_of_another_file()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        File.WriteAllText(folder.File("notes"), "mine");
        (await Should.ThrowAsync<IOException>(() => journal.Backup(folder.File("notes"), None))).Message
            .ShouldBe($"{folder.File("notes")} is there already: name a new file for the backup.");
        (await Should.ThrowAsync<IOException>(() => journal.Backup(folder.File("none/backup"), None))).Message
            .ShouldStartWith($"The backup to {folder.File("none/backup")} failed");
        File.ReadAllText(folder.File("notes")).ShouldBe("mine");
    }

    [Fact]
    public async Task A_watcher_that_takes_its_time_holds_up_nobody_and_misses_no_stream()
    {
        await using var journal = SqliteJournal.Open(folder.Path);
        using var mayGoOn = new ManualResetEventSlim();
        var heard = new HashSet<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = journal.Watch(stream =>
        {
            mayGoOn.Wait();
            heard.Add(stream);
            if (heard.Count == 50) all.TrySetResult();
        });

        for (var round = 0; round < 3; round++)
            for (var i = 0; i < 50; i++)
                (await journal.Append($"service {i}", round, JournalCompliance.Events(round + 1, 1), None))
                    .ShouldBeTrue();
        mayGoOn.Set();
        await all.Task;
    }
}
