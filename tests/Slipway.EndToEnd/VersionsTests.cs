using Xunit.Abstractions;

namespace Slipway.EndToEnd;

/// <summary>
/// Each bad version of the sample ends as its table says, under load, and no request is lost by it. The good ones, and
/// the one that fails requests, are in the demo.
/// </summary>
public sealed class VersionsTests(ITestOutputHelper output)
{
    const string Growth = "{ memoryGrowth: { max: GROWTH }, window: 24s, warmUp: 3s }";

    [Fact]
    public Task One_that_gets_slower_is_turned_back_by_latency() =>
        Ends("1.3", Patient, ("rolledBack", "gateFailed", "p99 "));

    [Fact]
    public Task One_that_crashes_again_and_again_is_turned_back_without_statistics() => Ends("1.5", Patient,
        ("rolledBack", "instancesFailed", "crashed again and again: ended by itself with exit code 3"));

    [Fact]
    public Task One_that_leaks_is_turned_back_long_before_memory_is_used_up() =>
        Ends("1.6", Patient.With(Growth), ("rolledBack", "gateFailed", "memory growth "));

    /// <summary>A canary waits ten minutes for instances, since nobody but itself waits.</summary>
    [Fact]
    public Task One_that_is_never_ready_is_turned_back_at_its_deadline() => Ends(
        "1.4", Released.Shop.By("rolling: { deadline: 8s }"),
        ("rolledBack", "scaleDeadline", "0 of 1 instances were ready within 8 s: /ready answered 503, expected 200"));

    /// <summary>The first share stays for long enough to find what is wrong.</summary>
    static Released Patient => Released.Shop.Where("every: 15s", "every: 80s");

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
        (last.Outcome, last.Reason).ShouldBe((expected.Outcome, expected.Reason), last.Why);
        last.Why.ShouldContain(expected.Why);
        told.Code.ShouldBe(1);
        users.Failures.ShouldBeEmpty();
    }
}
