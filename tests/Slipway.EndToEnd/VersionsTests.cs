using Xunit.Abstractions;

namespace Slipway.EndToEnd;

/// <summary>Each version of the sample ends as its table says, under load, and no request is lost by it.</summary>
public sealed class VersionsTests(ITestOutputHelper output)
{
    const string Slow = "every: 15s", Slower = "every: 45s";

    [Theory]
    [InlineData("1.1", "done", "", "")]
    [InlineData("1.3", "rolledBack", "gateFailed", "latency p99 ")]
    [InlineData("1.5", "rolledBack", "instancesFailed", "crashed again and again: ended by itself with exit code 3")]
    [InlineData("1.6", "rolledBack", "gateFailed", "memory growth ")]
    public Task A_canary_of(string version, string outcome, string reason, string why) => Ends(
        version, outcome == "done" ? Released.Shop : Released.Shop.Where(Slow, Slower), (outcome, reason, why));

    /// <summary>A canary waits ten minutes for instances, since nobody but itself waits.</summary>
    [Fact]
    public Task A_rolling_release_of_what_is_never_ready() => Ends(
        "1.4", Released.Shop.By("rolling: { deadline: 8s }"), ("rolledBack", "scaleDeadline", "0 of 1 instances were ready within 8 s: "));

    async Task Ends(string version, Released released, (string Outcome, string Reason, string Why) expected)
    {
        await using var machine = new Machine(released, "1.0", version);
        await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(machine.Listen);
        var told = await machine.Run("deploy", version);
        var last = (await machine.Client.Service("shop", CancellationToken.None)).Last!;
        await users.Stop();

        output.WriteLine($"{version}: {last.Outcome} in {(last.Ended - last.Began).TotalSeconds:0.0} s, "
            + $"{last.Reason}: {last.Why}; {string.Join(", ", users.Answers)}");
        output.WriteLine(told.Error);
        (last.Outcome, last.Reason).ShouldBe((expected.Outcome, expected.Reason), last.Why);
        last.Why.ShouldContain(expected.Why);
        told.Code.ShouldBe(expected.Outcome == "done" ? 0 : 1);
        users.Failures.ShouldBeEmpty();
    }
}
