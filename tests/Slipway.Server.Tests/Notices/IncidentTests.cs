using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Notices;

/// <summary>Who is called out of bed, for what, and when they may sleep again.</summary>
public sealed class IncidentTests : NoticeScene
{
    [Fact]
    public async Task An_incident_is_opened_by_what_goes_wrong_and_ended_by_what_goes_well()
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key") { Url = $"{Peer.Url}/eu" });
        await GoesBackFirst();
        await Happens(new Event.Ended(Outcome.RolledBack)); // nothing serves: there is nothing good in that
        await GoesWellAgain();
        var bodies = await Received(2);
        bodies.Select(body => (string)body["event_action"]!).ShouldBe(["trigger", "resolve"]);
        bodies.ShouldAllBe(body => (string)body["dedup_key"]! == "slipway/production/shop");
        bodies.ShouldAllBe(body => (string)body["routing_key"]! == "key");
        Peer.Heard.ShouldAllBe(heard => heard.Path == "/eu");
        bodies[0]["payload"]!["severity"]!.GetValue<string>().ShouldBe("error");
    }

    [Theory]
    [InlineData(Reason.Rejected, Outcome.RolledBack)]
    [InlineData(Reason.ApprovalExpired, Outcome.RolledBack)]
    [InlineData(Reason.Aborted, Outcome.Aborted)]
    [InlineData(Reason.Superseded, Outcome.Superseded)]
    public async Task What_people_decide_calls_nobody(Reason reason, Outcome outcome)
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key"));
        await GoesWell();
        await GoesBack(reason, outcome);
        await GoesBack(Reason.GateFailed, Outcome.RolledBack);
        (await Received(4)).Select(body => (string)body["event_action"]!)
            .ShouldBe(["resolve", "resolve", "trigger", "resolve"], "what it leaves serves users as before");
    }

    [Fact]
    public async Task An_undo_by_itself_calls_somebody_and_its_end_is_good_news()
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key"));
        await GoesWell();
        await IsUndone();
        var bodies = await Received(4);
        bodies.Select(body => (string)body["event_action"]!).ShouldBe(["resolve", "resolve", "trigger", "resolve"]);
        bodies[2]["payload"]!["summary"]!.GetValue<string>().ShouldBe(
            "shop: undo to 1.0 has begun by itself: errors 1.9 %, decided after 2 min");
    }

    [Fact]
    public async Task An_end_that_leaves_something_to_do_ends_no_incident()
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key"));
        await GoesWell();
        await Begins();
        await Happens(
            new Event.TurnedBack(Reason.GateFailed, "errors 5 %", [new Step.Scale(Second, 1, 0)]),
            new Event.Entered(0),
            new Event.Noticed("going back was not shown to help"),
            new Event.Ended(Outcome.RolledBack));
        await Ships();
        (await Received(4)).Select(body => (string)body["event_action"]!)
            .ShouldBe(["resolve", "trigger", "trigger", "resolve"]);
        Peer.Heard[^1].Body.ShouldNotContain("payload");
    }

    [Fact]
    public async Task A_trial_reaches_every_target_and_leaves_no_incident_open()
    {
        var desk = await Desk(Hook(NotifyKind.Slack, NotifyOn.Failed), new(NotifyKind.PagerDuty, "key"),
            new(NotifyKind.Webhook, "${NOT_THERE}"));
        (await desk.Try(Service, CancellationToken.None)).Select(trial => (trial.Target, trial.Taken)).ShouldBe(
            [("Slack ${HOOK}", true), ("PagerDuty", true), ("webhook ${NOT_THERE}", false)]);
        var bodies = await Received(3);
        bodies.Select(body => (string?)body["event_action"]).OfType<string>().ShouldBe(["trigger", "resolve"]);
        bodies.Select(body => (string?)body["dedup_key"]).OfType<string>().Distinct()
            .ShouldBe(["slipway/production/shop/trial"]);
        bodies.ShouldContain(body => (string?)body["text"] == "shop: a trial: notices of this service come here");
    }

    async Task IsUndone()
    {
        await Ships();
        await Undo(Reason.GateFailed, "errors 1.9 %, decided after 2 min");
    }

    Task GoesBackFirst() => Happens(
        new Event.Started(1, RunKind.First, First, Budget.Beside(1), [new Step.Scale(First, 0, 1)])
        {
            NewRevision = new(1, "1.0", Spec),
        },
        new Event.Entered(0),
        new Event.TurnedBack(Reason.InstancesFailed, "it crashes", [new Step.Scale(First, 1, 0)]),
        new Event.Entered(0));

    Task GoesWellAgain() => Happens(
        new Event.Started(2, RunKind.First, Second, Budget.Beside(1), Plan(Second))
        {
            NewRevision = new(2, "1.1", Spec),
        },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));
}
