using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
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
