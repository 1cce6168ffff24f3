using Shouldly;
using Slipway.Adapters.Sqlite;
using Slipway.Releases;
using Slipway.Support;
using Xunit.Abstractions;

namespace Slipway.Tests.Adapters.Sqlite;

/// <summary>Whatever was acknowledged is there, once and in order, wherever the process was killed.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    const int WritesTried = 24;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed_at_random()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20_260_301);
        var all = Seq<string>.Empty;
        for (var round = 0; round < 12; round++)
        {
            var enough = random.Next(1, 600);
            all = all.AddRange(await CrashProgram.RunUntilLine(enough, "append", folder.Path, "8", "1000000"));
            (await Lost(folder.Path, all)).ShouldBe(0);
        }
        output.WriteLine($"{all.Count} events acknowledged, none lost");
    }

    [FactNeeding("strace")]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed_at_any_write()
    {
        var (acknowledged, lost, _) = await KillAtEachWrite("append");
        output.WriteLine($"{acknowledged} events acknowledged at {WritesTried} points, {lost} lost");
        acknowledged.ShouldBeGreaterThan(0);
        lost.ShouldBe(0);
    }

    [FactNeeding("strace")]
    public async Task A_journal_that_acknowledged_before_it_commits_would_be_caught()
    {
        var (acknowledged, lost, points) = await KillAtEachWrite("append-early");
        output.WriteLine($"{acknowledged} events acknowledged, {lost} lost, at {points} of {WritesTried} points");
        points.ShouldBeGreaterThan(0);
    }

    [FactNeeding("strace")]
    public async Task A_journal_whose_making_was_killed_is_made_anew()
    {
        var killed = 0;
        for (var n = 1; n <= 12; n++)
        {
            using var folder = new TemporaryFolder();
            var lines = await CrashProgram.RunUntilWrite(n, folder.File("journal.db.new"), "open", folder.Path);
            if (lines.Count == 0) killed++;
            (await CrashProgram.Run("open", folder.Path)).ShouldBe(["opened"], $"killed at write {n}");
        }
        killed.ShouldBeGreaterThan(0);
    }

    static async Task<(int Acknowledged, int Lost, int Points)> KillAtEachWrite(string verb)
    {
        var (acknowledged, lost, points) = (0, 0, 0);
        for (var n = 1; n <= WritesTried; n++)
        {
            using var folder = new TemporaryFolder();
            var wal = folder.File("journal.db-wal");
            var lines = await CrashProgram.RunUntilWrite(n, wal, verb, folder.Path, "8", "40");
            var gone = await Lost(folder.Path, lines);
            acknowledged += lines.Count;
            lost += gone;
            if (gone > 0) points++;
        }
        return (acknowledged, lost, points);
    }

    /// <summary>
    /// Reads the whole journal, which checks its order and its chain, and counts what should be there and is not.
    /// </summary>
    static async Task<int> Lost(string folder, Seq<string> acknowledged)
    {
        await using var journal = SqliteJournal.Open(folder);
        var there = new HashSet<string>();
        var texts = new HashSet<string>();
        foreach (var head in await journal.Streams(CancellationToken.None))
        {
            var events = await journal.Read(head.Stream, 0, CancellationToken.None);
            events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, (int)head.Sequence).Select(i => (long)i));
            foreach (var e in events)
            {
                var text = ((Event.Noticed)e.Event).Text;
                texts.Add(text).ShouldBeTrue($"'{text}' is there twice");
                there.Add($"{head.Stream}|{e.Sequence}|{text}");
            }
        }
        return acknowledged.Count(line => !there.Contains(line));
    }
}
