using Shouldly;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>Releases that turn back: how they go, what they tell, and when they end.</summary>
public sealed class WayBackTests
{
    static readonly StrategySpec.Canary Canary = new() { Every = TimeSpan.FromMinutes(5), MinRequests = 100 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_way_back_makes_its_pauses_whatever_was_promoted_before(bool promoted)
    {
        var rolling = new StrategySpec.Rolling { Interval = TimeSpan.FromMinutes(1), MaxUnavailable = new(0, false) };
        var back = new RollbackSpec { Batch = 1, Every = TimeSpan.FromMinutes(2) };
        var table = Table.With(rolling, spec => spec with { Rollback = back }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        if (promoted) table.Order(id => new Command.Promote(id, true));
        table.Until(service => service.Want.SizeOf(new(1)) == 1);
        var began = table.Now;
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service.Run is null);
        (table.Now - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void A_way_back_that_is_not_verified_says_so_and_ends()
    {
        var verify = new VerifySpec { Within = TimeSpan.FromMinutes(5), ErrorRateMax = 0.01 };
        var table = Table.With(Canary, spec => spec with { Rollback = new() { Verify = verify } }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service.Run!.Step is Step.Ask { Question: Question.Verify });
        table.Order(id => new Command.Report(id, table.Service.Run!.Entered, false, "errors still 4 %"));
        table.Turn().Events.OfType<Event.Noticed>().Single().Text
            .ShouldBe("going back was not shown to help: errors still 4 %");
        table.Service.History[^1].Verified.ShouldBe(false);
        table.Service.Run.ShouldBeNull();
    }

    [Fact]
    public void An_undo_hook_that_fails_is_told_and_remembered_and_the_way_back_goes_on()
    {
        var hooks = new HooksSpec { Before = [new HookSpec(["./backup.sh"]) { Undo = ["./restore.sh"] }] };
        var table = Table.With(Canary, spec => spec with { Hooks = hooks }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service.Run!.Step is Step.Ask { Question: Question.Hook });
        table.Order(id => new Command.Report(id, table.Service.Run!.Entered, false, "exit code 1"));
        table.Turn();
        table.Service.Run.ShouldBeNull();
        table.Service.History[^1].Notices.Single()
            .ShouldBe("the undo of before failed, and what it should have taken back stays: exit code 1");
    }

    [Fact]
    public void A_drain_that_has_begun_is_hurried_by_a_new_order()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(x => x.Fleet.Revision == 2 ? x with { Live = 1 } : x).ToSeq(),
        };
        table.Order(id => new Command.Abort(id, false));
        table.Until(service => service.Run!.Step is Step.Scale { To: 0 });
        var before = table.Service.Want.Find(new(2))!.Since;
        table.Order(id => new Command.Abort(id, true));
        table.Service.Want.Find(new(2))!.Since.ShouldBeGreaterThan(before);
        table.Service.Run!.Entered.ShouldBe(table.Service.Sequence);
    }

    [Fact]
    public void A_second_abort_withdraws_what_waits()
    {
        var table = Table.With(Canary, spec => spec with { OnNewer = OnNewer.Queue }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run!.Step is Step.Wait);
        table.Deploy("3.0");
        table.Order(id => new Command.Abort(id, false));
        table.Service.Next!.Version.ShouldBe("3.0", "the first abort is about the release that runs");
        table.Order(id => new Command.Abort(id, false) { By = "ann" }).Events
            .OfType<Event.Dropped>().Single().Why.ShouldBe("3.0 was withdrawn by ann");
        table.Until(service => service.Run is null);
        table.Turn().Events.ShouldBeEmpty();
        table.Service.StableRevision!.Version.ShouldBe("1.0");
    }

    [Fact]
    public void Failed_instances_are_told_with_the_reason_that_the_target_gives()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(x => x.Fleet.Revision == 2
                ? x with { Ready = 0, Available = 0, Failed = 1, Why = "exit code 3" }
                : x).ToSeq(),
        };
        table.Until(service => service.Run is { Mode: Mode.Back });
        table.Service.Run!.Why.ShouldBe("1 of 1 instances of 2.0 failed to start: exit code 3");
    }
}
