using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Releases;
using Slipway.Specification;
using static Slipway.Tests.Decisions.Judging;

namespace Slipway.Tests.Decisions;

/// <summary>Everything fails after a release, and nothing is left to compare with.</summary>
public sealed class GuardingTests
{
    const string Evidence = "errors 100 % (600 of 600)";

    static readonly StrategySpec Warm = new StrategySpec.BlueGreen();
    static readonly StrategySpec Cold = new StrategySpec.Recreate();

    static Table Guarded(StrategySpec strategy)
    {
        var table = Judged(strategy);
        table.Deploy("2.0");
        return table.Until(service => service.Run is null);
    }

    static void Fails(Table table, double seconds, bool acts = true) => table.Look = seen => seen with
    {
        Judgement = new(table.Service.Releases, 0,
            [new Reading("errors", Verdict.NotTheRelease, Evidence, Acts: acts) { OutageSeconds = seconds }], 500, true)
        { At = table.Now },
    };

    [Fact]
    public void People_are_told_at_once_and_only_once()
    {
        var table = Guarded(Warm);
        Fails(table, 10);
        table.Turn().Events.ShouldBe([new Event.Noticed(
            $"2.0 fails: {Evidence}; if it lasts for 60 s, it goes back to 1.0 by itself")]);
        table.Turn().Events.ShouldBeEmpty();
        Guarding.OutageOf(table.Service, table.Seen, table.Now).ShouldNotBeNull();
    }

    [Fact]
    public void What_lasts_goes_back_to_what_is_warm_and_says_that_nobody_knows_why()
    {
        var table = Guarded(Warm);
        Fails(table, 10);
        table.Turn();
        Fails(table, 59);
        table.Turn().Events.ShouldBeEmpty();
        Fails(table, 60);
        var undone = table.Turn().Events.OfType<Event.Started>().Single();
        undone.Kind.ShouldBe(RunKind.Undo);
        undone.Reason.ShouldBe(Reason.Outage);
        undone.Why.ShouldBe($"{Evidence}; going back costs nothing while 1.0 is warm");
    }

    [Fact]
    public void Where_nothing_is_warm_people_are_told_and_nothing_is_done()
    {
        var table = Guarded(Cold);
        Fails(table, 10);
        table.Turn().Events.OfType<Event.Noticed>().Single().Text.ShouldBe($"2.0 fails: {Evidence}; "
            + "1.0 is not running any more, so nothing goes back by itself. To go back: slipway undo shop");
        Fails(table, 600);
        table.Turn().Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_warm_version_that_is_not_ready_either_is_no_way_out()
    {
        var table = Guarded(Warm);
        Fails(table, 600);
        var before = table.Look;
        table.Look = seen => before(seen) with
        {
            Fleets = seen.Fleets!.Select(fleet => fleet.Fleet == table.Service.Stable
                ? fleet
                : fleet with { Ready = 0, Available = 0 }).ToSeq(),
        };
        table.Turn();
        table.Turn().Events.ShouldBeEmpty();
    }

    [Fact]
    public void Another_one_is_told_again_but_not_one_that_comes_and_goes()
    {
        var table = Guarded(Warm);
        Fails(table, 10);
        table.Turn();
        table.Now += TimeSpan.FromMinutes(5);
        table.Turn().Events.ShouldBeEmpty();
        table.Now += TimeSpan.FromMinutes(6);
        table.Turn().Events.Single().ShouldBeOfType<Event.Noticed>();
    }

    [Fact]
    public void A_gate_that_may_not_act_tells_nobody()
    {
        var table = Guarded(Warm);
        Fails(table, 600, acts: false);
        table.Turn().Events.ShouldBeEmpty();
    }

    [Fact]
    public void After_the_watched_time_nobody_is_told()
    {
        var table = Guarded(Warm);
        table.Now += Defaults.KeepOld;
        Fails(table, 600);
        table.Turn().Events.ShouldAllBe(e => e is Event.Cooled);
        Guarding.OutageOf(table.Service, table.Seen, table.Now).ShouldBeNull();
    }
}
