using Shouldly;
using Slipway.Releases;
using Slipway.Running;
using Xunit;

namespace Slipway.Support;

/// <summary>
/// What every journal promises: the one of the tests, which simulated runs rely on, as much as the real ones.
/// </summary>
public abstract class JournalCompliance
{
    static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.FromHours(2));
    static readonly CancellationToken None = CancellationToken.None;

    /// <summary>An empty one.</summary>
    protected abstract IJournal Journal { get; }

    public static Recorded Event(long sequence, string text = "text") =>
        new(sequence, At.AddSeconds(sequence), new Event.Noticed(text))
        {
            By = "ann",
            Command = $"command {sequence} {text}",
        };

    public static Seq<Recorded> Events(long first, int count, string text = "text") =>
        Enumerable.Range(0, count).Select(i => Event(first + i, text)).ToSeq();

    Task<bool> Append(string stream, long expected, int count = 1, string text = "text") =>
        Journal.Append(stream, expected, Events(expected + 1, count, text), None);

    [Fact]
    public async Task Begins_empty()
    {
        (await Journal.Streams(None)).ShouldBeEmpty();
        (await Journal.Read("shop", 0, None)).ShouldBeEmpty();
        (await Journal.Snapshots(1, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_appended_is_read_as_it_was_in_order()
    {
        var events = Events(1, 3);
        (await Journal.Append("shop", 0, events, None)).ShouldBeTrue();
        (await Journal.Append("shop", 3, [Event(4)], None)).ShouldBeTrue();

        (await Journal.Read("shop", 0, None)).ShouldBe(events.Add(Event(4)));
    }

    [Fact]
    public async Task The_offset_of_a_time_the_author_and_the_command_are_kept()
    {
        var without = new Recorded(2, At.ToUniversalTime(), new Event.Noticed("later"));
        await Journal.Append("shop", 0, [Event(1), without], None);

        var read = await Journal.Read("shop", 0, None);
        read[0].At.Offset.ShouldBe(TimeSpan.FromHours(2));
        read[0].By.ShouldBe("ann");
        read[0].Command.ShouldBe("command 1 text");
        (read[1].By, read[1].Command, read[1].At.Offset).ShouldBe(("", null, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(5, 0)]
    [InlineData(9, 0)]
    public async Task Reads_what_comes_after_a_sequence(long after, int expected)
    {
        await Append("shop", 0, 5);
        var read = await Journal.Read("shop", after, None);
        read.Select(recorded => recorded.Sequence).ShouldBe(Enumerable.Range(0, expected).Select(i => after + 1 + i));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task An_append_that_expects_another_end_conflicts_and_leaves_nothing(long expected)
    {
        await Append("shop", 0, 3);
        (await Append("shop", expected, 2, "other")).ShouldBeFalse();
        (await Journal.Read("shop", 0, None)).ShouldBe(Events(1, 3));
    }

    [Fact]
    public async Task A_stream_cannot_begin_with_a_gap()
    {
        (await Append("shop", 1)).ShouldBeFalse();
        (await Journal.Streams(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_that_are_numbered_wrongly_or_none_are_a_mistake_of_the_caller()
    {
        await Should.ThrowAsync<ArgumentException>(() => Journal.Append("shop", 0, [Event(2)], None));
        await Should.ThrowAsync<ArgumentException>(() => Journal.Append("shop", 0, [Event(1), Event(3)], None));
        await Should.ThrowAsync<ArgumentException>(() => Journal.Append("shop", 0, [], None));
        (await Journal.Streams(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_that_append_at_once_exactly_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var before = round * 2L;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16)
                .Select(i => Task.Run(() => Append("shop", before, 2, $"appender {i}"))));

            var winner = Array.IndexOf(outcomes, true);
            outcomes.Count(won => won).ShouldBe(1);
            (await Journal.Read("shop", before, None)).ShouldBe(Events(before + 1, 2, $"appender {winner}"));
        }
    }

    [Fact]
    public async Task An_append_is_there_as_a_whole_or_not_at_all_whenever_somebody_reads()
    {
        const int together = 5, appends = 60;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < appends; i++) await Append("shop", i * together, together);
        });
        while (!writing.IsCompleted) ((await Journal.Read("shop", 0, None)).Count % together).ShouldBe(0);
        await writing;
        (await Journal.Read("shop", 0, None)).Count.ShouldBe(together * appends);
    }

    [Fact]
    public async Task An_append_whose_reply_was_lost_conflicts_with_itself_and_is_recognised()
    {
        var events = Events(1, 2);
        await Journal.Append("shop", 0, events, None);

        (await Journal.Append("shop", 0, events, None)).ShouldBeFalse();
        (await Journal.Read("shop", 0, None)).ShouldBe(events);
    }

    [Fact]
    public async Task Every_stream_is_listed_with_its_last_sequence()
    {
        await Append("shop", 0, 3);
        await Append("api", 0);
        await Append("shop", 3);

        (await Journal.Streams(None)).OrderBy(head => head.Stream, StringComparer.Ordinal)
            .ShouldBe([new StreamHead("api", 1), new StreamHead("shop", 4)]);
    }

    [Fact]
    public async Task A_hundred_streams_grow_side_by_side_and_apart()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            for (var sequence = 0; sequence < 10; sequence++)
                (await Append($"service {i}", sequence, 1, $"of {i}")).ShouldBeTrue();
        })));

        (await Journal.Streams(None)).Count.ShouldBe(100);
        for (var i = 0; i < 100; i++)
            (await Journal.Read($"service {i}", 0, None)).ShouldBe(Events(1, 10, $"of {i}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("shop/production")]
    [InlineData("'; DROP TABLE event; --")]
    [InlineData("%_*?\\\"")]
    [InlineData("Größe 规模 🚀")]
    [InlineData("line\nbreak\ttab")]
    public async Task A_stream_may_have_any_name(string stream)
    {
        await Append("shop", 0, 2, "another");
        (await Append(stream, 0, 3)).ShouldBeTrue();

        (await Journal.Read(stream, 1, None)).ShouldBe(Events(2, 2));
        (await Journal.Streams(None)).ShouldContain(new StreamHead(stream, 3));
    }

    [Fact]
    public async Task Names_that_look_alike_are_different_streams()
    {
        string[] names = ["shop", "Shop", "shop ", "sho", "shop\u0301", new string('s', 2_000), new string('s', 2_001)];
        foreach (var (name, i) in names.Select((name, i) => (name, i))) await Append(name, 0, i + 1);
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            (await Journal.Read(name, 0, None)).Count.ShouldBe(i + 1);
    }

    [Fact]
    public async Task A_big_event_comes_back_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i} 🚀 \"quoted\" \\ \n"));
        var big = Event(1) with { Event = new Event.Noticed(text), Command = null };
        await Journal.Append("shop", 0, [big, Event(2)], None);

        (await Journal.Read("shop", 0, None)).ShouldBe([big, Event(2)]);
    }

    [Fact]
    public async Task A_snapshot_is_given_back_to_its_own_version_only()
    {
        await Append("shop", 0, 5);
        var snapshot = new SavedFold("shop", 5, 7, """{"name":"shop"}""");
        await Journal.Save(snapshot, None);

        (await Journal.Snapshots(7, None)).ShouldBe([snapshot]);
        (await Journal.Snapshots(6, None)).ShouldBeEmpty();
        (await Journal.Snapshots(8, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_snapshot_takes_the_place_of_an_earlier_one_and_not_the_other_way_round()
    {
        await Append("shop", 0, 5);
        await Append("api", 0, 2);
        var api = new SavedFold("api", 2, 1, "api at 2");
        await Journal.Save(new("shop", 3, 1, "at 3"), None);
        await Journal.Save(new("shop", 5, 1, "at 5"), None);
        await Journal.Save(new("shop", 4, 1, "at 4"), None);
        await Journal.Save(api, None);

        (await Journal.Snapshots(1, None)).OrderBy(snapshot => snapshot.Stream, StringComparer.Ordinal)
            .ShouldBe([api, new SavedFold("shop", 5, 1, "at 5")]);
    }

    [Fact]
    public async Task A_snapshot_of_events_that_are_not_there_is_not_kept()
    {
        await Append("shop", 0, 2);
        await Journal.Save(new("shop", 3, 1, "state"), None);
        (await Journal.Snapshots(1, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_watcher_hears_of_a_stream_that_grows_once_it_can_be_read()
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = Journal.Watch(stream => heard.TrySetResult(stream));
        await Append("shop", 0);

        (await heard.Task).ShouldBe("shop");
        (await Journal.Read("shop", 0, None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_watcher_that_went_away_hears_nothing_and_the_others_still_do()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = 0;
        Journal.Watch(_ => gone++).Dispose();
        using var watch = Journal.Watch(_ => heard.TrySetResult());
        await Append("shop", 0);

        await heard.Task;
        gone.ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_caller_does_not_append()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() => Journal.Append("shop", 0, [Event(1)], cancelled));
        (await Append("shop", 0)).ShouldBeTrue();
    }
}
