using Shouldly;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>New versions wait for a time that is open, and for failures to be understood; ways back never do.</summary>
public sealed class AdmissionTests
{
    static readonly ChangeWindow Monday = new(WindowKind.Avoid, [DayOfWeek.Monday], default, default) { Why = "sale" };

    [Fact]
    public void An_emergency_goes_through_a_closed_window_and_stays_in_the_history()
    {
        var table = Table.With(new StrategySpec.Recreate(), spec => spec with { Windows = [Monday] });
        table.Deploy("1.0").Refusal.ShouldBe("It is Monday 09:00 in UTC, a time to avoid (Mon): sale. The next time "
            + "that is open: Tue 2026-01-06 00:00 in UTC. If it can't wait: slipway deploy shop 1.0 "
            + "--emergency \"why\"");
        table.Order(id => new Command.Deploy(id, new("1.0") { Emergency = "the shop is down" }));
        table.Until(service => service.Run is null);
        table.Service.StableRevision!.Emergency.ShouldBe("the shop is down");
    }

    [Fact]
    public void Undo_abort_and_restart_ask_no_window()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Register(id, table.Service.Spec! with { Windows = [Monday] }));
        table.Order(id => new Command.Restart(id)).Refusal.ShouldBeNull();
        table.Order(id => new Command.Abort(id, false)).Refusal.ShouldBeNull();
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, null)).Refusal.ShouldBeNull();
    }

    [Fact]
    public void What_has_waited_for_another_release_is_dropped_when_its_time_has_passed()
    {
        var tuesday = Monday with { Days = [DayOfWeek.Tuesday] };
        var table = Table.With(new StrategySpec.Canary(), spec => spec with { Windows = [tuesday] }).Live();
        table.Deploy("2.0");
        table.Order(id => new Command.Deploy(id, new("3.0")) { OnNewer = OnNewer.Queue }).Refusal.ShouldBeNull();
        table.Now = table.Now.AddDays(1);
        table.Until(service => service is { Run: null, Next: null });
        table.Service.StableRevision!.Version.ShouldBe("2.0");
        table.Journal.Select(recorded => recorded.Event).OfType<Event.Dropped>().ShouldHaveSingleItem()
            .Why.ShouldStartWith("3.0 was not released: It is Tuesday");
    }

    [Fact]
    public void Too_many_failures_refuse_the_next_until_they_are_old()
    {
        var table = Breaking();
        Fail(table, "2.0");
        Fail(table, "2.1");
        table.Deploy("2.2").Refusal.ShouldNotBeNull().ShouldStartWith(
            "2 releases of shop were taken back within 24 h: 2.0 (release 2), 2.1 (release 3). New ones are refused "
            + "until Tue 2026-01-06 09:0");
        table.Now = table.Now.AddHours(25);
        table.Deploy("2.2").Refusal.ShouldBeNull();
    }

    [Fact]
    public void An_emergency_that_goes_well_ends_the_counting()
    {
        var table = Breaking();
        Fail(table, "2.0");
        Fail(table, "2.1");
        table.Order(id => new Command.Deploy(id, new("2.2") { Emergency = "understood, and fixed" }));
        table.Until(service => service.Run is null);
        table.Deploy("2.3").Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_version_that_nobody_wanted_has_not_failed()
    {
        var table = Breaking(spec => spec with { Checks = new() { Approval = new() } });
        for (var version = 0; version < 3; version++)
        {
            table.Deploy($"2.{version}").Refusal.ShouldBeNull();
            table.Until(service => service.Run is { AwaitsApproval: true });
            table.Order(id => new Command.Reject(id, "not today"));
            table.Until(service => service.Run is null);
        }
    }

    static Table Breaking(Func<ServiceSpec, ServiceSpec>? change = null) => Table.With(new StrategySpec.Canary(),
        spec => (change?.Invoke(spec) ?? spec) with { Rollback = new() { Breaker = new() { After = 2 } } }).Live();

    static void Fail(Table table, string version)
    {
        table.Deploy(version).Refusal.ShouldBeNull();
        table.Order(id => new Command.Recall(id, table.Service.Releases, "it looks odd"));
        table.Until(service => service.Run is null);
    }
}
