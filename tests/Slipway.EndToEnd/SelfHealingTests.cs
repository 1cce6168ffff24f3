using Slipway.Client;
using Slipway.Decisions;
using Slipway.Machines.Load;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Xunit.Abstractions;

namespace Slipway.EndToEnd;

/// <summary>What is wanted is kept: by itself, without a release, and without users noticing.</summary>
public sealed class SelfHealingTests(ITestOutputHelper output)
{
    const int Kills = 3, Uploads = 2;

    static readonly Fleet First = new(1);

    [Fact]
    public async Task An_instance_that_is_killed_is_replaced_and_requests_that_may_be_asked_twice_are()
    {
        await using var shop = new Shop().With("1.0");
        await using var platform = await shop.StartWith("1.0");
        await using var users = new Users(shop.Front.Listen);
        await using var crowd = new Crowd()
            .Join(4, shop.Front.Listen, Shop.Name, Visits.KeepAlive)
            .Join(2, shop.Front.Listen, Shop.Name, Visits.Once)
            .Join(2, shop.Front.Listen, Shop.Name, Visits.Pipeline);
        await using var uploads = new Crowd().Join(Uploads, shop.Front.Listen, Shop.Name, Visits.Upload);
        for (var times = 0; times < Kills; times++)
        {
            await uploads.Goes(5, "uploads");
            var killed = platform.Fleets.Instances(Shop.Name).First(instance => instance.Pid is not null).Pid!.Value;
            Machine.Kill(killed);
            await platform.Until("its place taken", runner =>
                runner.Seen.ReadyOf(First) == 2
                && platform.Fleets.Instances(Shop.Name).All(instance => instance is { Pid: { } pid } && pid != killed));
        }

        await users.Stop();
        await crowd.Stop();
        await uploads.Stop();
        output.WriteLine($"{Kills} instances killed: {crowd}; {uploads}");
        users.Failures.ShouldBeEmpty();
        crowd.Failures.ShouldBeEmpty(crowd.ToString());
        uploads.Count("failed").ShouldBeLessThanOrEqualTo(Kills * Uploads, "nothing but what was under way there");
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
        await File.WriteAllTextAsync(yaml, text);

        var after = await machine.Until("a third instance", service => service is { Ready: 3, Release: null });
        (after.Version, after.Last!.Number).ShouldBe(("1.0", 1));
        after.Instances.Count.ShouldBe(3);

        (await machine.Run("apply")).Out.ShouldBe("shop: nothing has changed\n");
        await File.WriteAllTextAsync(yaml, text.Replace("replicas: 3", "replicas: many", StringComparison.Ordinal));
        (await machine.Run("apply")).Code.ShouldBe(2);
        var other = Path.Combine(machine.Folder, "other.yaml");
        await File.WriteAllTextAsync(other, text.Replace("replicas: 3", "replicas: 1", StringComparison.Ordinal));
        (await machine.Run("apply", other)).Out.ShouldBe("shop: replicas 3 → 1\n");
        await machine.Until("one instance", service => service is { Ready: 1, Release: null });
    }

    /// <summary>Once for each kind of step; each strategy at many moments is `bench kills`.</summary>
    [Theory]
    [InlineData("scale")]
    [InlineData("shift")]
    [InlineData("ask")]
    [InlineData("set")]
    [InlineData("wait")]
    public async Task A_control_plane_that_is_killed_at_a_step_goes_on_from_there(string kind)
    {
        await using var machine = await Serving();
        await using var users = new Users(machine.Listen);
        await machine.Client.Deploy("shop", new("1.1"), "d2", CancellationToken.None);
        await machine.Until(kind, service => service.Release is { } release && release.Steps.Any(step =>
            step.Kind == kind && step.State != "next"));

        await machine.KillControlPlane();
        await machine.Up();
        var after = await machine.Until("the end of the release", service => service.Release is null);
        await users.Stop();
        (after.Version, after.Last!.Outcome).ShouldBe(("1.1", "done"));
        users.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_control_plane_that_is_killed_when_a_release_settles_still_knows_the_way_back()
    {
        await using var machine = await Serving();
        await using var users = new Users(machine.Listen);
        await machine.Client.Deploy("shop", new("1.1"), "d2", CancellationToken.None);
        await machine.Until("1.1", service => service.Version == "1.1");

        await machine.KillControlPlane();
        await machine.Up();
        var after = await machine.Until("a look of its own", service => service is { Release: null, Ready: 2 });
        (after.Version, after.Last!.Outcome, after.Undo.AtOnce).ShouldBe(("1.1", "done", true));
        (await machine.Run("undo")).Code.ShouldBe(0);
        await users.Stop();
        users.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_control_plane_that_is_killed_on_a_way_back_goes_all_the_way()
    {
        await using var machine = await Serving();
        await using var crowd = new Crowd().Join(3, machine.Listen, "shop", Visits.Events);
        await using var users = new Users(machine.Listen);
        await machine.Client.Deploy("shop", new("1.1"), "d2", CancellationToken.None);
        await machine.Until("a stream on 1.1", service => service.Release is { ShareSeenPercent: > 50 });
        await crowd.Join(3, machine.Listen, "shop", Visits.Events).Goes(20, "events");
        await machine.Client.Command("shop", "abort", new(), "a2", CancellationToken.None);
        await machine.Until("the way back", service => service.Release is null or { Mode: "back" });

        await machine.KillControlPlane();
        await machine.Up();
        var after = await machine.Until("its end", service => service.Release is null && service.Instances.Count == 2);
        await users.Stop();
        await crowd.Stop();
        (after.Version, after.Last!.Outcome).ShouldBe(("1.0", "aborted"));
        users.Failures.ShouldBeEmpty();
        crowd.Failures.ShouldBeEmpty();
    }

    /// <summary>A release of it has every kind of step.</summary>
    static async Task<Machine> Serving()
    {
        var machine = new Machine(Released.App
            .By("steps: [ scale: 1, check: smoke, set: { flag: new-checkout, to: on }, shift: 25%, wait: 2s, "
                + "scale: 100%, shift: 100%, wait: 1s, settle ]")
            .Where("{ run: \"sh -c 'test ", "{ run: \"sh -c 'sleep 1; test "), "1.0", "1.1");
        await machine.Up();
        (await machine.Run("deploy", "1.0")).Error.ShouldBe("");
        return machine;
    }
}
