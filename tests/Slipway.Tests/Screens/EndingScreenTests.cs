using Slipway.Demo;

namespace Slipway.Tests.Screens;

public sealed class EndingScreenTests
{
    static readonly Ending Good = new(
    [
        new("1.0", "live", ["first deploy, 2 instances"], []),
        new("1.1 → 1.2", "rolled back in 12.3 s",
            ["errors 5.1 % against 0.0 %,", "found 1.5 s after the first", "by 4 failed requests of 154"], []),
        new("1.1 ↔ 2.0", "there and back", [], []),
    ], 5, TimeSpan.FromSeconds(38.4), 6562, [])
    { IsOver = true };

    static string Shown(Ending ending, bool unicode = true) =>
        string.Join('\n', EndingScreen.Lines(ending, new() { Unicode = unicode }));

    [Fact]
    public void What_happened_is_told_scene_by_scene() => Shown(Good).ShouldBe("""
        ✓ That was Slipway: 5 releases in 38 s, 6,562 requests, 0 lost by switching.

          1.0          live                   first deploy, 2 instances
          1.1 → 1.2    rolled back in 12.3 s  errors 5.1 % against 0.0 %,
                                              found 1.5 s after the first
                                              by 4 failed requests of 154
          1.1 ↔ 2.0    there and back

          Everything it started is stopped and removed.

          Your own service:    slipway init, then slipway up
          Look at it in peace: slipway demo --stay
        """);

    [Fact]
    public void A_plain_terminal_gets_plain_letters() =>
        Shown(Good with { IsOver = false }, unicode: false).ShouldAllBe(letter => letter < 128);

    [Fact]
    public void What_was_claimed_and_did_not_happen_is_told()
    {
        var bad = Good with
        {
            Scenes = [new("1.1 → 1.2", "done in 12 s", [], ["1.2 is caught, not done"])],
            Lost = ["status 502", "status 502"],
        };

        bad.Claims.ShouldBe(["1.2 is caught, not done", "no request is lost, not 2: status 502"]);
        Shown(bad).ShouldStartWith("✗ Not all of it went as it should: ");
        Shown(bad).ShouldContain("  Not so: 1.2 is caught, not done\n"
            + "  Not so: no request is lost, not 2: status 502\n");
    }
}
