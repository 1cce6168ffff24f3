using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>What is remembered of commands: what each wanted, and which release it was about.</summary>
public sealed class GivenTests
{
    [Fact]
    public void An_id_stands_for_one_wish()
    {
        var table = Live();
        var deploy = new Command.Deploy("key", new("2.0")) { Of = "deploy:2.0" };
        table.Order(deploy);
        table.Order(deploy).ShouldBe(Decision.Nothing with { Settles = true });
        table.Order(deploy with { Of = "deploy:3.0" }).Refusal.ShouldNotBeNull().ShouldContain("stands for something");
        table.Order(new Command.Abort("key", false) { Of = "abort" }).Refusal.ShouldNotBeNull();
        table.Service.Run!.Mode.ShouldBe(Mode.Forward);
    }

    [Fact]
    public void What_began_a_release_is_known_as_long_as_that_is_and_other_commands_for_a_while()
    {
        var table = Live();
        table.Order(new Command.Deploy("first", new("2.0")) { Of = "deploy" });
        for (var i = 0; i < 70; i++)
        {
            table.Order(new Command.Pause($"pause-{i}"));
            table.Order(new Command.Resume($"resume-{i}"));
        }

        table.Service.Find("first").ShouldBe(new Given("first", "deploy", 2) { Begins = true });
        table.Service.Find("pause-0").ShouldBeNull();
        table.Service.Find("resume-69").ShouldNotBeNull();
        table.Order(new Command.Abort("abort", true));
        table.Until(service => service.Run is null);
        for (var i = 0; i < 60; i++)
        {
            table.Order(new Command.Deploy($"next-{i}", new($"3.{i}")));
            table.Until(service => service.Run is null);
        }

        table.Service.History[0].Release.ShouldBeGreaterThan(2);
        table.Service.Find("first").ShouldBeNull();
        table.Service.Find("next-59")!.Release.ShouldBe(table.Service.Releases);
        table.Service.Commands.Count.ShouldBeLessThan(150);
    }

    [Fact]
    public void A_deployment_that_waits_is_known_by_the_release_that_it_becomes_and_by_none_when_it_is_dropped()
    {
        var table = Live();
        table.Order(new Command.Deploy("running", new("2.0")));
        table.Order(new Command.Deploy("dropped", new("3.0")) { OnNewer = OnNewer.Queue });
        table.Order(new Command.Deploy("queued", new("4.0")) { OnNewer = OnNewer.Queue });
        table.Service.Find("queued")!.Waits.ShouldBeTrue();
        table.Until(service => service.Run is { Release: 3 });
        (table.Service.Find("dropped")!.Release, table.Service.Find("queued")!.Release).ShouldBe((null, 3));
    }

    static Table Live() => Table.With(new StrategySpec.Canary { Steps = [Share.Percent(25), Share.All] }).Live();
}
