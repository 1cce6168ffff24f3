using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>
/// A service between and behind its releases: what stays warm, what comes back, what is applied when.
/// </summary>
public sealed class LifeTests
{
    static readonly StrategySpec.Canary Canary = new() { Every = TimeSpan.FromMinutes(5), MinRequests = 100 };

    [Fact]
    public void The_previous_fleet_stays_warm_for_its_time_and_is_then_let_go()
    {
        var table = Table.With(new StrategySpec.BlueGreen(), spec => spec with { KeepOld = TimeSpan.FromHours(1) })
            .Live();
        table.Deploy("2.0");
        table.Until(service => service is { Run: null, Previous: not null });
        var settled = table.Now;
        table.Service.Want.SizeOf(new(1)).ShouldBe(4);
        table.Until(service => service.Previous is null);
        (table.Now - settled).ShouldBe(TimeSpan.FromHours(1));
        table.Service.Want.SizeOf(new(1)).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_undo_after_a_restart_goes_back_to_the_version_before(bool cold)
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service is { Run: null });
        table.Order(id => new Command.Restart(id));
        table.Until(service => service is { Run: null });
        table.Service.Previous.ShouldNotBeNull().Fleet.ShouldBe(new(1), "a restart takes nothing away");
        table.Service.Guard.ShouldNotBeNull().BackTo.ShouldBe(new(1));
        table.Service.Want.SizeOf(new(1)).ShouldBe(4);
        if (cold) table.Until(service => service.Previous is null);
        table.Order(id => new Command.Undo(id, null));
        table.Until(service => service is { Run: null });
        table.Service.StableRevision!.Version.ShouldBe("1.0");
    }

    [Fact]
    public void Steps_by_hand_that_settle_too_small_grow_to_the_replicas()
    {
        var byHand = new StrategySpec.ByHand(
            [new HandStep.Scale(CountOrPercent.Count(1)), new HandStep.Shift(Share.All), new HandStep.Settle()]);
        var table = Table.With(byHand).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Service.Want.SizeOf(new(2)).ShouldBe(4);
    }

    [Fact]
    public void A_changed_specification_waits_for_the_release_and_is_then_applied()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Order(id => new Command.Register(id, table.Service.Spec! with { Replicas = 6 }));
        table.Service.Spec!.Replicas.ShouldBe(4);
        table.Until(service => service.Run is null);
        table.Service.Spec.Replicas.ShouldBe(6);
        table.Service.Want.SizeOf(table.Service.Stable!.Value).ShouldBe(6);
    }

    [Fact]
    public void Changed_health_reaches_what_is_running_by_a_new_order()
    {
        var table = Table.With(Canary).Live();
        var before = table.Service.Want.Find(new(1))!.Since;
        var health = new HealthSpec { Readiness = new(new ProbeWay.Http("/ready")) };
        table.Order(id => new Command.Register(id, table.Service.Spec! with { Health = health }));
        table.Service.Want.Find(new(1))!.Since.ShouldBeGreaterThan(before);
        table.Service.StableRevision!.Spec.Health.ShouldBe(health);
    }

    [Fact]
    public void An_undo_brings_the_configuration_back_with_the_version()
    {
        var table = Table.With(Canary).Live();
        var runtime = new RuntimeSpec.Process(["./shop", "--new-flag"]);
        table.Order(id => new Command.Register(id, table.Service.Spec! with { Runtime = runtime }));
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, 1));
        table.Until(service => service.Run is null);
        ((RuntimeSpec.Process)table.Service.StableRevision!.Spec.Runtime).Command.ShouldBe(["./shop"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_purge_that_has_been_asked_for_is_neither_stopped_nor_turned_back(bool abort)
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Look = seen => seen with { Settings = [] };
        table.Order(id => new Command.Purge(id, "users.name"));
        table.Until(service => service.Run!.IsFinal);
        if (abort) table.Order(id => new Command.Abort(id, false)).Refusal.ShouldNotBeNull();
        else table.Now += TimeSpan.FromHours(1);
        table.Turn().Events.ShouldAllBe(e => e is Event.Noticed);
        table.Service.Run!.Mode.ShouldBe(Mode.Forward);
        table.Service.Oldest.ShouldBe(2);
    }

    [Fact]
    public void A_service_without_a_schema_has_nothing_to_purge()
    {
        var table = Table.With(Canary, spec => spec with { Schema = null }).Live();
        table.Order(id => new Command.Purge(id, "users.name")).Refusal.ShouldNotBeNull().ShouldContain("no schema");
    }

    [Fact]
    public void A_change_that_cannot_be_one_is_not_purged()
    {
        var table = Table.With(Canary).Live();
        table.Order(id => new Command.Purge(id, "users name")).Refusal.ShouldNotBeNull().ShouldContain("no name");
    }

    [Fact]
    public void A_purge_is_no_version_to_come_from()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Purge(id, "users.name"));
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, null)).Refusal.ShouldNotBeNull()
            .ShouldContain("can't go back to revision 1 (1.0)");
    }

    [Fact]
    public void An_undo_sets_flags_back_to_what_they_were_and_undone_itself_brings_them_again()
    {
        var table = WithFlag("on").Live();
        Flag(table).ShouldBeNull("the first deploy has no steps by hand");
        foreach (var (version, value) in new[] { ("2.0", "on"), ("3.0", "more") })
        {
            table.Order(id => new Command.Register(id, table.Service.Spec! with { Strategy = Setting(value) }));
            table.Deploy(version);
            table.Until(service => service.Run is null);
        }

        table.Order(id => new Command.Undo(id, 1));
        table.Until(service => service.Run is null);
        Flag(table).ShouldBeNull();
        table.Order(id => new Command.Undo(id, 3));
        table.Until(service => service.Run is null);
        Flag(table).ShouldBe("more");
    }

    [Fact]
    public void Flags_that_came_with_releases_go_with_the_service()
    {
        var table = WithFlag("on").Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        Flag(table).ShouldBe("on");
        table.Order(id => new Command.Remove(id));
        table.Until(service => service.Run is null);
        Flag(table).ShouldBeNull();
    }

    static Table WithFlag(string value) => Table.With(Setting(value));

    static StrategySpec.ByHand Setting(string value) => new(
    [
        new HandStep.Scale(CountOrPercent.Percent(100)),
        new HandStep.Set("checkout", value),
        new HandStep.Shift(Share.All),
        new HandStep.Settle(),
    ]);

    static string? Flag(Table table) => table.Service.Want.SettingOf(Step.Set.Flag("checkout"));

    [Fact]
    public void There_is_no_undo_to_what_was_never_live()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, 2)).Refusal.ShouldNotBeNull().ShouldContain("never live");
    }

    [Fact]
    public void A_second_undo_does_not_stop_the_first()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Look = seen => seen with { Table = seen.Table! with { Since = 0 } };
        table.Order(id => new Command.Undo(id, 1));
        table.Order(id => new Command.Undo(id, null)).Refusal.ShouldNotBeNull().ShouldContain("going back to 1.0");
    }

    [Fact]
    public void A_newer_deploy_waits_for_an_undo_whatever_the_rule()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Look = seen => seen with { Table = seen.Table! with { Since = 0 } };
        table.Order(id => new Command.Undo(id, 1));
        table.Deploy("3.0").Events.Single().ShouldBeOfType<Event.Asked>();
    }

    [Fact]
    public void The_version_that_is_coming_is_not_started_again()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Deploy("2.0").Refusal.ShouldNotBeNull().ShouldContain("on its way to 2.0");
    }

    [Fact]
    public void A_mended_configuration_is_deployed_while_the_broken_one_is_on_its_way()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        var mended = new RuntimeSpec.Process(["./shop", "--mended"]);
        table.Order(id => new Command.Register(id, table.Service.Spec! with { Runtime = mended }));
        table.Deploy("2.0").Refusal.ShouldBeNull();
        table.Until(service => service is { Run: null, Next: null });
        table.Service.StableRevision!.Version.ShouldBe("2.0");
        table.Service.StableRevision.Spec.Runtime.ShouldBe(mended);
    }

    [Fact]
    public void What_waited_and_has_come_by_itself_is_dropped_and_says_so()
    {
        var table = Table.With(Canary, spec => spec with { OnNewer = OnNewer.Queue }).Live();
        table.Deploy("2.0");
        table.Deploy("1.0").Events.Single().ShouldBeOfType<Event.Asked>();
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service is { Run: null, Next: null });
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        table.Service.Releases.ShouldBe(2);
    }

    [Fact]
    public void A_hold_takes_those_back_who_were_sent_by_name()
    {
        var who = new Match([new(Subject.Header, "group", Comparison.Equal, ["beta"])]);
        var beta = new SegmentRule("beta", who, Side.Candidate);
        var table = Table.With(Canary with { Rules = [beta] }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Order(id => new Command.Hold(id, Share.None));
        var rules = table.Service.Want.Table.Value.Rules;
        rules.Where(rule => !rule.IsPreview).ShouldAllBe(rule => rule.Target.WeightOf(new(2)) == Share.None);
    }

    [Fact]
    public void A_service_that_was_never_deployed_can_be_removed_and_come_back()
    {
        var table = Table.With(Canary);
        var spec = table.Service.Spec!;
        table.Order(id => new Command.Remove(id)).Events.Single().ShouldBeOfType<Event.Removed>();
        table.Service.Registered.ShouldBeFalse();
        table.Deploy("1.0").Refusal.ShouldNotBeNull().ShouldContain("There is no service");
        table.Order(id => new Command.Register(id, spec));
        table.Live().Service.StableRevision!.Version.ShouldBe("1.0");
    }

    [Fact]
    public void Nothing_is_deployed_or_changed_while_a_service_is_removed()
    {
        var table = Table.With(Canary).Live();
        table.Order(id => new Command.Remove(id));
        table.Deploy("2.0").Refusal.ShouldNotBeNull().ShouldContain("being removed");
    }

    [Fact]
    public void After_a_purge_there_is_no_undo_to_what_needs_the_old_schema()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Purge(id, "users.name"));
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, 1)).Refusal.ShouldNotBeNull().ShouldContain("purged");
    }
}
