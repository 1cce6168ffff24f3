using Slipway.Client;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.EndToEnd;

/// <summary>What is wanted is kept: by itself, without a release, and without users noticing.</summary>
public sealed class SelfHealingTests
{
    static readonly Fleet First = new(1);

    [Fact]
    public async Task An_instance_that_is_killed_is_replaced_and_requests_that_may_be_asked_twice_are()
    {
        await using var shop = new Shop().With("1.0");
        await using var platform = await shop.StartWith("1.0");
        await using var users = new Users(shop.Front.Listen);
        for (var times = 0; times < 3; times++)
        {
            var killed = platform.Fleets.Instances(Shop.Name).First(instance => instance.Pid is not null).Pid!.Value;
            Machine.Kill(killed);
            await platform.Until("its place taken", runner =>
                runner.Seen.ReadyOf(First) == 2
                && platform.Fleets.Instances(Shop.Name).All(instance => instance is { Pid: { } pid } && pid != killed));
        }

        await users.Stop();
        users.Failures.ShouldBeEmpty();
        platform.Service.History.Count.ShouldBe(1, "it takes no release");
    }

    [Fact]
    public async Task A_table_that_somebody_has_changed_by_hand_is_put_back()
    {
        await using var shop = new Shop().With("1.0");
        await using var platform = await shop.StartWith("1.0");
        var wanted = shop.Front.Table;
        shop.Front.Meddle(RouteTable.Closed);
        shop.Front.Table.ShouldBe(RouteTable.Closed);
        platform.Engine.Changed(Shop.Name, Place.Routes);
        await platform.Until("the table", _ => shop.Front.Table == wanted);
        platform.Service.History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_changed_file_is_applied_without_a_release_and_told()
    {
        await using var machine = new Machine("1.0");
        await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        var yaml = Path.Combine(machine.Folder, "slipway.yaml");
        var text = (await File.ReadAllTextAsync(yaml)).Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal);
        await machine.Client.Register("shop", new("slipway.yaml", text, machine.Folder), CancellationToken.None);

        var after = await machine.Until("a third instance", service => service is { Ready: 3, Release: null });
        (after.Version, after.Last!.Number).ShouldBe(("1.0", 1));
        after.Instances.Count.ShouldBe(3);
    }

    /// <summary>Once for each kind of step; each strategy at many moments is a run of its own.</summary>
    [Theory]
    [InlineData("scale")]
    [InlineData("shift")]
    [InlineData("wait")]
    public async Task A_control_plane_that_is_killed_at_a_step_goes_on_from_there(string kind)
    {
        await using var machine = new Machine("1.0", "1.1");
        var up = await machine.Up();
        (await machine.Run("deploy", "1.0")).Code.ShouldBe(0);
        await using var users = new Users(machine.Listen);
        await machine.Client.Deploy("shop", new("1.1"), "d2", CancellationToken.None);
        await machine.Until(kind, service => service.Release is { } release && release.Steps.Any(step =>
            step.Kind == kind && step.State != "next"));

        up.Kill();
        await up.WaitForExitAsync();
        await machine.Up();
        var after = await machine.Until("the end of the release", service => service.Release is null);
        await users.Stop();
        (after.Version, after.Last!.Outcome).ShouldBe(("1.1", "done"));
        users.Failures.ShouldBeEmpty();
    }
}
