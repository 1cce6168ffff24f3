namespace Slipway.Tests;

public sealed class TerminalTests
{
    [Fact]
    public void A_pipe_is_neither_coloured_nor_live_nor_cut() =>
        Detect(redirected: true)
            .ShouldBe(new Terminal
            {
                Live = false, Colour = false, Unicode = true, Width = 120, Height = 24, CanAsk = false,
            });

    [Fact]
    public void A_terminal_is_live_and_coloured() =>
        Detect().ShouldBe(new Terminal
        {
            Live = true, Colour = true, Unicode = true, Width = 100, Height = 40, CanAsk = true,
        });

    [Theory]
    [InlineData("NO_COLOR", "1", null, false)]
    [InlineData("NO_COLOR", "", null, true)]
    [InlineData("NO_COLOR", "1", "always", true)]
    [InlineData("FORCE_COLOR", "0", null, false)]
    [InlineData("TERM", "dumb", null, false)]
    public void Colour_follows_the_environment_and_the_option_wins(string variable, string value, string? option,
        bool colour) =>
        Detect(variable, value, option).Colour.ShouldBe(colour);

    [Theory]
    [InlineData("CI")]
    [InlineData("GITHUB_ACTIONS")]
    public void Nothing_moves_and_nothing_is_asked_in_automation(string variable)
    {
        var terminal = Detect(variable, "true");
        terminal.Live.ShouldBeFalse();
        terminal.CanAsk.ShouldBeFalse();
    }

    [Fact]
    public void A_pipe_may_name_its_width() => Detect("COLUMNS", "72", redirected: true).Width.ShouldBe(72);

    [Fact]
    public void The_first_variable_that_is_set_decides_the_letters()
    {
        Detect("LC_ALL", "C").Unicode.ShouldBeFalse();
        Detect("LC_ALL", "").Unicode.ShouldBeTrue();
    }

    static Terminal Detect(string variable = "X", string value = "", string? option = null, bool redirected = false)
    {
        var variables = new Dictionary<string, string>
        {
            ["TERM"] = "xterm-256color", ["LANG"] = "en_US.UTF-8", [variable] = value,
        };
        return Terminal.Detect(new(variables.GetValueOrDefault, redirected, redirected, () => (100, 40)), option);
    }
}
