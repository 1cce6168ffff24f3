using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.EndToEnd;

/// <summary>From a slipway.yaml through a journal on the disk to real processes and real requests.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    static readonly Fleet First = new(1), Second = new(2);

    readonly Shop _shop = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    static bool IsOver(Service service) => service is { Run: null, History.Count: 2 };

    [Fact]
    public async Task A_good_version_takes_over_without_a_failed_request()
    {
        _shop.With("1.0").With("1.1");
        await using var platform = await _shop.StartWith("1.0");
        await using var users = new Users(_shop.Front.Listen);

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("the end of the canary", runner => IsOver(runner.Service));
        await users.Stop();

        after.History[^1].Outcome.ShouldBe(Outcome.Done);
        after.Stable.ShouldBe(Second);
        _shop.Front.Table.ShareOf(Second).ShouldBe(Share.All);
        users.Failures.ShouldBeEmpty();
        users.Answers.Keys.Order(StringComparer.Ordinal).ShouldBe(["1.0", "1.1"]);
        users.Answers["1.1"].ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_version_that_fails_half_of_its_requests_is_turned_back_by_its_gate()
    {
        _shop.With("1.0").With("1.1", "--fail 50");
        await using var platform = await _shop.StartWith("1.0");
        var before = _shop.Front.Table;
        await using var users = new Users(_shop.Front.Listen);

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("the way back", runner => IsOver(runner.Service));
        await users.Stop();

        after.History[^1].Outcome.ShouldBe(Outcome.RolledBack);
        after.Stable.ShouldBe(First);
        (await platform.Events()).OfType<Event.TurnedBack>().Single().Reason.ShouldBe(Reason.GateFailed);
        _shop.Front.Table.ShouldBe(before);
        platform.Fleets.Members(Shop.Name).Where(member => !member.Draining).Select(member => member.Fleet).Distinct()
            .ShouldBe([First]);
        users.Failures.ShouldBe(["status 500"]);
    }

    [Fact]
    public async Task A_version_that_crashes_at_its_start_never_gets_a_request()
    {
        _shop.With("1.0").With("1.1", "--crash");
        await using var platform = await _shop.StartWith("1.0");

        await platform.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        var after = await platform.Until("the way back", runner => IsOver(runner.Service));

        after.History[^1].Outcome.ShouldBe(Outcome.RolledBack);
        (await platform.Events()).OfType<Event.TurnedBack>().Single().Reason.ShouldBe(Reason.InstancesFailed);
        _shop.Front.RequestsOf(Second).ShouldBe(0);
    }

    [Fact]
    public async Task A_control_plane_that_dies_in_the_middle_goes_on_with_the_same_instances()
    {
        _shop.With("1.0").With("1.1");
        await using var dying = await _shop.StartWith("1.0");
        await using var users = new Users(_shop.Front.Listen);
        await dying.Order(new Command.Deploy("deploy 1.1", new("1.1")));
        await dying.Until("the first share", runner => runner.Service.Run?.Step is Step.Wait);
        var before = Pids(dying);
        before.ShouldNotContain((int?)null);
        await dying.DisposeAsync();

        await using var reborn = await _shop.Start();
        Pids(reborn).ShouldBe(before);
        var after = await reborn.Until("the end of the canary", runner => IsOver(runner.Service));
        await users.Stop();

        after.History[^1].Outcome.ShouldBe(Outcome.Done);
        Pids(reborn).Take(before.Count).ShouldBe(before);
        users.Failures.ShouldBeEmpty();
    }

    static List<int?> Pids(Platform platform) =>
        [.. platform.Fleets.Instances(Shop.Name)
            .OrderBy(instance => instance.Fleet).ThenBy(instance => instance.Name).Select(instance => instance.Pid)];
}
