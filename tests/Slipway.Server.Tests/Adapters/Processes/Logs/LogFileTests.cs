using Slipway.Adapters.Processes;
using Slipway.Adapters.Processes.Logs;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes.Logs;

public sealed class LogFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly LogFile _log;

    public LogFileTests()
    {
        _log = new(_folder.File("shop-r1-1.log"), "shop-r1-1", null, "1.0");
        File.WriteAllText(_log.Path, "");
    }

    public void Dispose() => _folder.Dispose();

    void Say(string text) => File.AppendAllText(_log.Path, text);

    [Fact]
    public void Whole_lines_are_read_and_the_next_reading_goes_on_behind_them()
    {
        Say("one\ntwo\nthr");
        var page = _log.Read(0);
        page.ShouldBe(new("one\ntwo\n", 8, "thr"));
        Say("ee\n");
        _log.Read(page.Next).ShouldBe(new("three\n", 14, ""));
        _log.Read(14).ShouldBe(new("", 14, ""));
    }

    [Fact]
    public void What_was_taken_from_the_front_is_skipped_to_the_next_whole_line()
    {
        for (var i = 0; i < 2_000; i++) Say($"{i:D9}\n"); // lines do not end where blocks do
        using (var file = File.OpenHandle(_log.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            Native.PunchHole(file, 8_192).ShouldBeTrue();

        var page = _log.Read(30);
        page.Text.ShouldStartWith("000000820\n");
        page.Skipped.ShouldBe(8_200 - 30);
        page.Next.ShouldBe(20_000);
        _log.Read(8_200).Text.ShouldBe(page.Text);
    }

    [Fact]
    public void A_file_that_was_begun_anew_is_read_from_its_beginning()
    {
        Say("short\n");
        _log.Read(1_000).Text.ShouldBe("short\n");
    }

    [Fact]
    public void A_line_longer_than_a_page_comes_in_parts()
    {
        Say(new string('x', 250) + "\n");
        var first = _log.Read(0, 100);
        (first.Text.Length, first.Next).ShouldBe((100, 100L));
        _log.Read(200, 100).Text.Length.ShouldBe(51);
    }

    [Theory]
    [InlineData("", 5, 0)]
    [InlineData("one\ntwo\nthree\n", 1, 8)]
    [InlineData("one\ntwo\nthree\n", 2, 4)]
    [InlineData("one\ntwo\nthree\n", 3, 0)]
    [InlineData("one\ntwo\nthree\n", 9, 0)]
    [InlineData("one\ntwo\nthr", 1, 8)]
    [InlineData("one\ntwo\nthree\n", 0, 14)]
    public void The_last_lines_begin_where_they_begin(string text, int lines, long at)
    {
        Say(text);
        _log.Tail(lines).ShouldBe(at);
    }
}
