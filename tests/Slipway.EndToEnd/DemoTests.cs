using Slipway.Support;

namespace Slipway.EndToEnd;

/// <summary>The program itself, as it was built, in a folder of its own.</summary>
public sealed class DemoTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Data => _folder.File("demo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_demo_shows_what_it_claims_and_an_interrupt_leaves_nothing_behind()
    {
        await using var demo = Program.Start("demo", "--stay", "--data", Data);

        await demo.Says("Ctrl-C ends it");
        Program.In(Data).ShouldNotBeEmpty();
        demo.Interrupt();

        (await demo.ExitCode()).ShouldBe(0, demo.Output);
        demo.Output.ShouldContain("That was Slipway: 5 releases");
        demo.Output.ShouldContain(" 0 lost by switching");
        demo.Output.ShouldContain("  1.1 → 1.2    rolled back in ");
        demo.Output.ShouldContain("  1.1 ↔ 2.0    there and back ");
        Program.In(Data).ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task The_demo_fails_when_there_is_nothing_to_catch()
    {
        await using var demo = Program.Start("demo", "--harmless", "--data", Data);

        (await demo.ExitCode()).ShouldBe(1, demo.Output);
        demo.Output.ShouldContain("1.2 is caught by a gate and rolled back, not done");
        demo.Output.ShouldContain("1.2 has failed requests");
        Program.In(Data).ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupt_or_a_closed_terminal_in_the_middle_of_a_release_leaves_nothing_behind(bool closed)
    {
        await using var demo = Program.Start("demo", "--data", Data);

        await demo.Says("route 10 % to 1.1");
        if (closed) demo.HangUp();
        else demo.Interrupt();

        (await demo.ExitCode()).ShouldBe(1, demo.Output);
        demo.Output.ShouldContain("Ended early.");
        Program.In(Data).ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task An_interrupt_while_it_begins_leaves_nothing_behind()
    {
        await using var demo = Program.Start("demo", "--data", Data);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (Program.In(Data).Count == 0) await tick.WaitForNextTickAsync(patience.Token);
        demo.Interrupt(); // its gateway has just begun

        (await demo.ExitCode()).ShouldBe(1, demo.Output);
        Program.In(Data).ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_is_somebody_s_is_not_used_and_not_removed()
    {
        Directory.CreateDirectory(Data);
        await using var demo = Program.Start("demo", "--data", Data);

        (await demo.ExitCode()).ShouldBe(2, demo.Output);
        demo.Output.ShouldContain("exists already");
        Directory.Exists(Data).ShouldBeTrue();
    }
}
