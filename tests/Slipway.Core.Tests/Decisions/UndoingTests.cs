using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>An undo finds a version that was good: never one that had to be taken back.</summary>
public sealed class UndoingTests
{
    [Fact]
    public void After_an_undo_by_itself_there_is_no_going_forward_to_what_failed()
    {
        var table = Table.With(new StrategySpec.BlueGreen()).Live();
        Settle(table, "2.0");
        UndoByItself(table);
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        table.Service.Previous.ShouldNotBeNull("the version that failed is warm");
        table.Order(id => new Command.Undo(id, null)).Refusal.ShouldBe(
            "shop has no version before 1.0 that has not failed; 2.0 had to be taken back.");
    }

    [Fact]
    public void It_goes_on_to_the_version_before_that()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        Settle(table, "2.0");
        Settle(table, "3.0");
        UndoByItself(table);
        table.Service.StableRevision!.Version.ShouldBe("2.0");
        Undoing.Target(table.Service)!.Version.ShouldBe("1.0");
    }

    [Fact]
    public void A_person_who_has_undone_can_change_their_mind()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        Settle(table, "2.0");
        table.Order(id => new Command.Undo(id, null));
        table.Until(service => service.Run is null);
        Undoing.Target(table.Service)!.Version.ShouldBe("2.0");
    }

    [Fact]
    public void A_person_may_name_what_failed()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        Settle(table, "2.0");
        UndoByItself(table);
        table.Order(id => new Command.Undo(id, 2)).Refusal.ShouldBeNull();
    }

    [Fact]
    public void What_failed_is_told_with_its_release_and_why()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        Settle(table, "2.0");
        UndoByItself(table);
        table.Service.Revisions[1].Failed.ShouldNotBeNull().ShouldSatisfyAllConditions(
            failed => failed.Release.ShouldBe(3),
            failed => failed.Why.ShouldBe("errors 20 %"));
    }

    [Fact]
    public void A_version_that_failed_in_between_hides_nothing_that_was_good_before_it()
    {
        var table = Table.With(new StrategySpec.Recreate()).Live();
        Settle(table, "1.1");
        UndoByItself(table);
        table.Order(id => new Command.Undo(id, 2)).Refusal.ShouldBeNull();
        table.Until(service => service.Run is null);
        Settle(table, "1.3");
        Settle(table, "1.5");
        UndoByItself(table);
        table.Service.StableRevision!.Version.ShouldBe("1.3");
        Undoing.Target(table.Service)!.Version.ShouldBe("1.0");
    }

    [Fact]
    public void After_an_undo_by_itself_it_is_verified_that_it_helped_while_users_are_back_already()
    {
        var table = Table.With(new StrategySpec.BlueGreen(), spec => spec with
        {
            Rollback = new() { Verify = new() { ErrorRateMax = .01 } },
        }).Live();
        Settle(table, "2.0");
        Begin(table);
        table.Until(service => service.Run!.Step is Step.Ask { Question: Question.Verify });
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        table.Order(id => new Command.Abort(id, false));
        table.Service.Run!.Mode.ShouldBe(Mode.Forward, "there is nothing to turn around any more");
        table.Order(id => new Command.Pause(id)).Refusal.ShouldNotBeNull();
        table.Order(id => new Command.Report(id, table.Service.Run!.Entered, false, "still 5 %"));
        table.Turn().Events.OfType<Event.Noticed>().Single().Text
            .ShouldBe("going back was not shown to help: still 5 %");
        table.Service.Run.ShouldBeNull();
        table.Service.History[^1].ShouldSatisfyAllConditions(
            past => past.Outcome.ShouldBe(Outcome.Done),
            past => past.Verified.ShouldBe(false));
    }

    [Fact]
    public void A_verification_that_is_not_answered_ends_too()
    {
        var table = Table.With(new StrategySpec.BlueGreen(), spec => spec with
        {
            Rollback = new() { Verify = new() { Within = TimeSpan.FromMinutes(2) } },
        }).Live();
        Settle(table, "2.0");
        Begin(table);
        while (table.Service.Run is not null)
            if (table.Turn().Events.Count == 0) table.Now += TimeSpan.FromSeconds(1);
        table.Service.History[^1].Verified.ShouldBe(false);
        table.Service.StableRevision!.Version.ShouldBe("1.0");
    }

    static void Settle(Table table, string version)
    {
        table.Deploy(version).Refusal.ShouldBeNull();
        table.Until(service => service.Run is null);
    }

    /// <summary>A gate fails while the new version is still watched.</summary>
    static void UndoByItself(Table table)
    {
        Begin(table);
        table.Until(service => service.Run is null);
    }

    static void Begin(Table table)
    {
        var before = table.Look;
        table.Look = seen => seen with
        {
            Judgement = new(table.Service.Releases, 0,
                [new Reading("errors", Verdict.Fail, "errors 20 %")], 500, true),
        };
        table.Turn().Events.ShouldContain(e => e is Event.Started);
        table.Look = before;
    }
}
