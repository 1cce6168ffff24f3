using System.Text.RegularExpressions;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.EndToEnd;

/// <summary>Every strategy up and back down again, with real processes, under load: nobody loses a request.</summary>
public sealed partial class StrategiesTests : IAsyncLifetime
{
    static readonly Fleet First = new(1), Second = new(2);

    readonly Shop _shop = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Theory]
    [InlineData("recreate: { hold: 30s }")]
    [InlineData("rolling: { batch: 1, interval: 500ms, maxUnavailable: 1, maxSurge: 1, minReady: 300ms }")]
    [InlineData("blueGreen: { validate: { traffic: 5%, for: 1s, minRequests: 5 }, switch: [50, 100], every: 1s }")]
    [InlineData("canary: { steps: [25, 100], every: 2s, minRequests: 20 }")]
    [InlineData("steps: [ scale: 1, shift: 25%, wait: 1s, scale: 100%, shift: 100%, settle ]")]
    public async Task A_version_takes_over_and_is_undone(string strategy)
    {
        _shop.With("1.0").With("1.1");
        await using var platform = await _shop.StartWith("1.0", yaml => With(yaml, strategy));
        await using var users = new Users(_shop.Front.Listen);

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("1.1", runner => runner.Service is { Run: null, History.Count: 2 });
        after.History[^1].Outcome.ShouldBe(Outcome.Done, after.History[^1].Why);
        _shop.Front.Table.ShareOf(Second).ShouldBe(Share.All);

        await platform.Order(new Command.Undo("undo", null));
        after = await platform.Until("the way back", runner => runner.Service is { Run: null, History.Count: 3 });
        await users.Stop();
        after.History[^1].Outcome.ShouldBe(Outcome.Done, after.History[^1].Why);
        after.StableRevision!.Version.ShouldBe("1.0");
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
    }

    [Fact]
    public async Task A_shadow_is_asked_like_the_version_that_serves_and_nobody_sees_its_answers()
    {
        _shop.With("1.0").With("1.1");
        await using var platform = await _shop.StartWith("1.0",
            yaml => With(yaml, "shadow: { mirror: 100%, for: 3s }"));
        await using var users = new Users(_shop.Front.Listen);

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        await platform.Until("copies", _ => _shop.Front.CopiesTo(Second) > 20);
        var after = await platform.Until("its end", runner => runner.Service is { Run: null, History.Count: 2 });
        await users.Stop();
        after.History[^1].Outcome.ShouldBe(Outcome.Observed, after.History[^1].Why);
        after.Stable.ShouldBe(First);
        users.Answers.Keys.ShouldBe(["1.0"]);
        _shop.Front.RequestsOf(Second).ShouldBe(0);
    }

    [Fact]
    public async Task An_experiment_keeps_each_user_on_a_side_and_ends_as_it_began()
    {
        _shop.With("1.0").With("1.1");
        await using var platform = await _shop.StartWith("1.0", yaml => With(yaml,
            "abTest: { split: { control: 50, treatment: 50 }, for: 2s, then: keep }",
            "affinity: { header: user }"));
        await using var users = new Users(_shop.Front.Listen, user: i => $"user-{i % 20}");

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("its end", runner => runner.Service is { Run: null, History.Count: 2 });
        await users.Stop();
        after.History[^1].Outcome.ShouldBe(Outcome.Kept, after.History[^1].Why);
        after.Stable.ShouldBe(First);
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
    }

    static string With(string yaml, string strategy, string? traffic = null)
    {
        yaml = Strategy().Replace(yaml, $"strategy:\n  {strategy}\n");
        return traffic is null ? yaml : yaml.Replace("drain: 5s", $"drain: 5s, {traffic}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"strategy:\n.*\n")]
    private static partial Regex Strategy();
}
