namespace Slipway.Tests;

/// <summary>What a terminal is told to show.</summary>
public sealed class LiveScreenTests
{
    static string Painted(int width, int height, params string[] lines)
    {
        using var output = new StringWriter();
        using var screen = new LiveScreen(output, () => (width, height));
        screen.Paint(lines);
        return output.ToString();
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(100)]
    public void A_line_as_wide_as_the_screen_says_is_shown_whole(int width)
    {
        using var screen = new LiveScreen(TextWriter.Null, () => (width, 10));
        var line = new string('x', screen.Width - 1) + "!";
        Painted(width, 10, line).ShouldContain(line);
        Painted(width, 10, $"\e[31m{line}\e[0m").ShouldContain(line);
        Painted(width, 10, line + "y").ShouldNotContain("y");
    }

    [Fact]
    public void Of_too_many_lines_the_last_ones_are_shown_which_say_what_can_be_done()
    {
        var painted = Painted(80, 10, [.. Enumerable.Range(1, 20).Select(i => $"line {i};")]);
        painted.ShouldContain("line 5;");
        painted.ShouldContain("… 12 lines more");
        painted.ShouldContain("line 18;");
        painted.ShouldContain("line 20;");
        painted.ShouldNotContain("line 6;");
        painted.ShouldNotContain("line 17;");
    }
}
