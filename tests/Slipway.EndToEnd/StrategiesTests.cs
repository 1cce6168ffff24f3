using System.Diagnostics;
using Slipway.Decisions;
using Slipway.Machines.Load;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Xunit.Abstractions;

namespace Slipway.EndToEnd;

/// <summary>
/// Every strategy up and back down again, with real processes, under load of all kinds: nobody loses anything.
/// </summary>
public sealed class StrategiesTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string BlueGreen =
        "blueGreen: { validate: { traffic: 5%, for: 1s, minRequests: 5 }, switch: [50, 100], every: 1s }";
    const string Canary = "canary: { steps: [25, 100], every: 2s, minRequests: 20 }";

    static readonly Fleet First = new(1), Second = new(2);

    /// <summary>Streams are there to the end of each drain.</summary>
    static readonly Released ShortDrains = Released.App.Where("drain: 5s", "drain: 2s");

    readonly Shop _shop = new();

    public Task InitializeAsync()
    {
        _shop.With("1.0").With("1.1");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Theory]
    [InlineData("recreate: { hold: 30s }")]
    [InlineData("rolling: { batch: 1, interval: 500ms, maxUnavailable: 1, maxSurge: 1, minReady: 300ms }")]
    [InlineData(BlueGreen)]
    [InlineData(Canary)]
    [InlineData("steps: [ scale: 1, shift: 25%, wait: 1s, scale: 100%, shift: 100%, settle ]")]
    public async Task A_version_takes_over_and_is_undone(string strategy)
    {
        await using var platform = await _shop.StartWith("1.0", ShortDrains.By(strategy));
        var crowd = await ThereAndBack(strategy, platform, _ => true);
        if (strategy.StartsWith("rolling", StringComparison.Ordinal)
            || strategy.StartsWith("recreate", StringComparison.Ordinal))
            crowd.Count("ended streams").ShouldBeGreaterThan(0, crowd.ToString());
    }

    /// <summary>All who still had a stream there have had to go, and it is started anew for the way back.</summary>
    [Theory]
    [InlineData(BlueGreen)]
    [InlineData(Canary)]
    public async Task A_version_is_undone_when_the_one_before_is_not_kept_any_more(string strategy)
    {
        await using var platform = await _shop.StartWith("1.0",
            ShortDrains.By(strategy).Where("keepOld: 10m", "keepOld: 1s"));
        var crowd = await ThereAndBack(strategy, platform, runner => runner.Service.Previous is null
            && platform.Fleets.Instances(Shop.Name).All(instance => instance.Fleet == Second));
        crowd.Count("ended streams").ShouldBeGreaterThanOrEqualTo(3, crowd.ToString());
        crowd.Count("going away").ShouldBeGreaterThanOrEqualTo(3, crowd.ToString());
    }

    async Task<Crowd> ThereAndBack(string strategy, Platform platform, Func<Runner, bool> ripe)
    {
        await using var users = new Users(_shop.Front.Listen);
        await using var crowd = Everybody();
        var watch = Stopwatch.StartNew();
        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("1.1", runner => runner.Service is { Run: null, History.Count: 2 });
        after.History[^1].Outcome.ShouldBe(Outcome.Done, after.History[^1].Why);
        _shop.Front.Table.ShareOf(Second).ShouldBe(Share.All);
        var up = watch.Elapsed;

        await crowd.Goes(20, "alone", "uploads", "events", "echoes");
        await platform.Until("the moment to go back", ripe);
        watch.Restart();
        await platform.Order(new Command.Undo("undo", null));
        after = await platform.Until("the way back", runner => runner.Service is { Run: null, History.Count: 3 });
        var back = watch.Elapsed;
        await NobodyLosesAnything(crowd);
        await users.Stop();
        output.WriteLine($"{strategy.Split(':')[0]}: up in {up.TotalSeconds:0.0} s, back in {back.TotalSeconds:0.0} s, "
            + $"{users.Answers.Values.Sum():N0} requests of users, {crowd}");
        after.History[^1].Outcome.ShouldBe(Outcome.Done, after.History[^1].Why);
        after.StableRevision!.Version.ShouldBe("1.0");
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
        return crowd;
    }

    [Fact]
    public async Task A_shadow_is_asked_like_the_version_that_serves_and_nobody_sees_its_answers()
    {
        await using var platform = await _shop.StartWith("1.0", ShortDrains.By("shadow: { mirror: 100%, for: 3s }"));
        await using var users = new Users(_shop.Front.Listen);
        await using var crowd = Everybody();

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        await platform.Until("copies", _ => _shop.Front.CopiesTo(Second) > 20);
        var after = await platform.Until("its end", runner => runner.Service is { Run: null, History.Count: 2 });
        await users.Stop();
        after.History[^1].Outcome.ShouldBe(Outcome.Observed, after.History[^1].Why);
        await NobodyLosesAnything(crowd);
        after.Stable.ShouldBe(First);
        users.Answers.Keys.ShouldBe(["1.0"]);
        _shop.Front.RequestsOf(Second).ShouldBe(0);
    }

    [Fact]
    public async Task An_experiment_keeps_each_user_on_a_side_and_ends_as_it_began()
    {
        await using var platform = await _shop.StartWith("1.0", ShortDrains
            .By("abTest: { split: { control: 50, treatment: 50 }, for: 2s, then: keep }")
            .Where("drain: 2s", "drain: 2s, affinity: { header: user }"));
        await using var users = new Users(_shop.Front.Listen, user: i => $"user-{i % 20}");
        await using var crowd = Everybody();

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("its end", runner => runner.Service is { Run: null, History.Count: 2 });
        await users.Stop();
        after.History[^1].Outcome.ShouldBe(Outcome.Kept, after.History[^1].Why);
        await NobodyLosesAnything(crowd);
        after.Stable.ShouldBe(First);
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
    }

    /// <summary>Every kind of client that is there for longer than a request.</summary>
    Crowd Everybody() => new Crowd()
        .Join(4, _shop.Front.Listen, Shop.Name, Visits.KeepAlive)
        .Join(1, _shop.Front.Listen, Shop.Name, Visits.Once)
        .Join(1, _shop.Front.Listen, Shop.Name, Visits.Pipeline)
        .Join(2, _shop.Front.Listen, Shop.Name, Visits.Upload)
        .Join(3, _shop.Front.Listen, Shop.Name, Visits.Events)
        .Join(3, _shop.Front.Listen, Shop.Name, Visits.Echo);

    /// <summary>
    /// A stream or a WebSocket that is told its end when its time to drain is over is not lost: it goes on elsewhere
    /// without a gap.
    /// </summary>
    static async Task NobodyLosesAnything(Crowd crowd)
    {
        await crowd.Goes(20, "kept alive", "alone", "pipelined", "uploads", "events", "echoes");
        await crowd.Stop();
        crowd.Failures.ShouldBeEmpty(crowd.ToString());
    }
}
