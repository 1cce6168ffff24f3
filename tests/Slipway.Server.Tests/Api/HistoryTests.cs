using Slipway.Plans;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Api;

public sealed class HistoryTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 3, 0, TimeSpan.Zero);
    static readonly ServiceSpec Spec = new() { Service = "shop", Runtime = new RuntimeSpec.Process(["shop"]) };

    Service service = new Service("shop").Apply(new Recorded(1, Now, new Event.Registered(Spec)));

    [Fact]
    public void An_undo_by_itself_says_why_and_what_it_has_taken_back_says_by_whom()
    {
        Ships(1, "1.0", "the first");
        Ships(2, "2.0", "discount codes");
        GoesBack(3, Reason.GateFailed, "errors 5 %", 1);
        service.History.Select(past => ReleaseReports.Of(service, past))
            .Select(past => (past.Number, past.UndoneBy, past.Cause, past.Why)).ShouldBe([
                (1, null, "the first", ""), (2, 3, "discount codes", ""), (3, null, null, "errors 5 %")]);
    }

    [Fact]
    public void An_undo_that_somebody_asked_for_has_no_reason_of_its_own()
    {
        Ships(1, "1.0", "the first");
        Ships(2, "2.0", "discount codes");
        GoesBack(3, Reason.Asked, "", 1);
        var undo = ReleaseReports.Of(service, service.History[^1]);
        (undo.Why, undo.Cause).ShouldBe(("", null));
        ReleaseReports.Of(service, service.History[1]).UndoneBy.ShouldBe(3);
    }

    [Fact]
    public void To_undo_an_undo_takes_no_version_back()
    {
        Ships(1, "1.0", "the first");
        Ships(2, "2.0", "discount codes");
        GoesBack(3, Reason.Asked, "", 1);
        GoesBack(4, Reason.Asked, "", 2);
        GoesBack(5, Reason.Asked, "", 1);
        service.History.Select(past => ReleaseReports.Of(service, past).UndoneBy)
            .ShouldBe([null, 3, null, null, null]);
    }

    void Ships(int number, string version, string cause) => Happens(new Event.Started(
        number, number == 1 ? RunKind.First : RunKind.Deploy, new(number), Budget.Beside(1), Plan(new(number)))
    {
        NewRevision = new(number, version, Spec) { Cause = cause },
    });

    void GoesBack(int number, Reason reason, string why, int to) => Happens(
        new Event.Started(number, RunKind.Undo, new(to), Budget.Beside(1), Plan(new(to)))
        {
            Reason = reason,
            Why = why,
        });

    static Seq<Step> Plan(Fleet fleet) =>
        [new Step.Scale(fleet, 0, 1), new Step.Shift(new(Target.All(fleet))), new Step.Settle(fleet)];

    void Happens(Event.Started started)
    {
        Event[] events =
        [
            started, new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done),
        ];
        foreach (var one in events) service = service.Apply(new Recorded(service.Sequence + 1, Now, one));
    }
}
