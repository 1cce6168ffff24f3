using Shouldly;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;
using static Slipway.Tests.Decisions.Judging;

namespace Slipway.Tests.Decisions;

/// <summary>What turns a release back without statistics.</summary>
public sealed class TriggerTests
{
    static readonly StrategySpec.Canary Half = new() { Steps = [Share.Percent(50), Share.All], MinRequests = 0 };

    /// <summary>Forty instances, twenty of them the candidate's.</summary>
    static Table Watched()
    {
        var table = Judged(Half, spec => spec with { Replicas = 40 });
        table.Deploy("2.0");
        return table.Until(service => service.Run!.Step is Plans.Step.Wait);
    }

    static void Look(Table table, Func<SeenFleet, SeenFleet> candidate, Func<SeenFleet, SeenFleet>? stable = null) =>
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(fleet => fleet.Fleet == table.Service.Run?.Candidate
                ? candidate(fleet)
                : stable?.Invoke(fleet) ?? fleet).ToSeq(),
        };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void More_than_a_tenth_of_the_instances_that_are_not_ready_any_more_turn_back(int lost, bool back)
    {
        var table = Watched();
        Look(table, fleet => fleet with { Lost = lost });
        table.Turn();
        (table.Service.Run!.Mode == Mode.Back).ShouldBe(back);
        if (back) table.Service.Run.Why.ShouldBe("3 of 20 instances of 2.0 are not ready any more");
    }

    [Fact]
    public void One_instance_that_is_lost_is_no_verdict_however_few_there_are()
    {
        var table = Watching(Half);
        Look(table, fleet => fleet with { Lost = 1 });
        table.Turn();
        table.Service.Run!.Mode.ShouldBe(Mode.Forward);
    }

    [Fact]
    public void A_crash_loop_turns_back_and_says_why()
    {
        var table = Watching(Half);
        Look(table, fleet => fleet with { Failed = 1, Why = "ended with exit code 1" });
        table.Turn();
        table.Service.Run!.Reason.ShouldBe(Reason.InstancesFailed);
        table.Service.Run.Why.ShouldBe(
            "1 of 2 instances of 2.0 crashed again and again: ended with exit code 1");
    }

    [Fact]
    public void Out_of_memory_turns_back_also_while_the_fleet_grows()
    {
        var table = Judged(Half);
        table.Deploy("2.0");
        Look(table, fleet => fleet with { Ready = 0, Available = 0, OutOfMemory = 1 });
        table.Turn();
        table.Service.Run!.Reason.ShouldBe(Reason.OutOfMemory);
    }

    [Fact]
    public void What_strikes_both_sides_is_not_the_release_and_a_person_may_overrule_it()
    {
        var table = Watched();
        SeenFleet Struck(SeenFleet fleet) => fleet with { Lost = fleet.Size / 2 };
        Look(table, Struck, Struck);
        table.Turn();
        table.Service.Run!.Reason.ShouldBe(Reason.NotTheRelease);
        table.Order(id => new Command.Resume(id));
        table.Turn();
        table.Service.Run!.Mode.ShouldBe(Mode.Forward);
    }

    [Fact]
    public void Also_while_a_new_version_is_still_watched_after_its_release()
    {
        var table = Watching(Half);
        table.Until(service => service.Run is null);
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(fleet =>
                fleet.Fleet == table.Service.Stable ? fleet with { Failed = 2 } : fleet).ToSeq(),
        };
        table.Turn();
        table.Service.Run!.Kind.ShouldBe(RunKind.Undo);
    }
}
