using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Slipway.Notices;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;
using Slipway.Tests.Adapters;

namespace Slipway.Tests.Notices;

/// <summary>What real servers receive of a release that goes well, and of one that goes back.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    static readonly Fleet First = new(1), Second = new(2);

    readonly TemporaryFolder folder = new();
    readonly MemoryJournal journal = new();
    readonly ConcurrentQueue<string> told = new();
    readonly List<NoticeDesk> desks = [];
    Peer peer = null!;
    ServiceSpec spec = null!;
    Service service = new("shop");

    public async Task InitializeAsync() => peer = await Peer.Start();

    public async Task DisposeAsync()
    {
        foreach (var desk in desks) await desk.DisposeAsync();
        await peer.DisposeAsync();
        folder.Dispose();
    }

    async Task<NoticeDesk> Desk(params NotifySpec[] targets)
    {
        spec = new()
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["shop"]),
            Notify = targets.ToSeq(),
        };
        if (service.Sequence == 0) await Happens(new Event.Registered(spec));
        var post = new Post(name => name == "HOOK" ? $"{peer.Url}/hook?key=secret" : null, TimeProvider.System)
        {
            PagerDuty = $"{peer.Url}/enqueue",
        };
        desks.Add(new(new(journal, post, new(folder.Path)) { Tell = told.Enqueue }));
        desks[^1].Follow(service);
        return desks[^1];
    }

    async Task Happens(params Event[] events)
    {
        var recorded = events.Select((e, i) => new Recorded(service.Sequence + 1 + i, DateTimeOffset.UtcNow, e)).ToSeq();
        (await journal.Append("shop", service.Sequence, recorded, CancellationToken.None)).ShouldBeTrue();
        foreach (var one in recorded) service = service.Apply(one);
        foreach (var desk in desks) desk.Follow(service);
    }

    Task GoesWell() => Happens(
        new Event.Started(1, RunKind.First, First, Budget.Beside(1),
            [new Step.Scale(First, 0, 1), new Step.Shift(new(Target.All(First))), new Step.Settle(First)])
        {
            NewRevision = new(1, "1.0", spec),
        },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));

    Task GoesBack() => Happens(
        new Event.Started(2, RunKind.Deploy, Second, Budget.Beside(1), [new Step.Scale(Second, 0, 1)])
        {
            NewRevision = new(2, "1.1", spec),
        },
        new Event.Entered(0),
        new Event.Paused(Reason.Undecided, "too few <requests>"),
        new Event.TurnedBack(Reason.GateFailed, "errors 5 %", [new Step.Scale(Second, 1, 0)]),
        new Event.Entered(0),
        new Event.Ended(Outcome.RolledBack));

    async Task<IReadOnlyList<JsonNode>> Received(int count)
    {
        while (peer.Heard.Count < count) await peer.Next();
        return [.. peer.Heard.Select(heard => JsonNode.Parse(heard.Body)!)];
    }

    static NotifySpec Hook(NotifyKind kind, params NotifyOn[] on) => new(kind, "${HOOK}") { On = on.ToSeq() };

    [Fact]
    public async Task Slack_is_told_each_turn_in_words()
    {
        await Desk(Hook(NotifyKind.Slack));
        await GoesWell();
        await GoesBack();
        (await Received(6)).Select(body => (string)body["text"]!).ShouldBe([
            "shop: first deploy to 1.0", "shop: 1.0 released", "shop: release of 1.1",
            "shop: paused: too few &lt;requests&gt;", "shop: going back: errors 5 %", "shop: 1.1 rolled back"]);
        peer.Heard[0].Path.ShouldBe("/hook?key=secret");
        told.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_webhook_gets_cdevents_with_ids_that_stay()
    {
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        await GoesBack();
        var bodies = await Received(6);
        bodies.Select(body => (string)body["type"]!).ShouldBe([
            "dev.cdeventsx.slipway-release.started.0.1.0", "dev.cdevents.service.deployed.0.2.0",
            "dev.cdeventsx.slipway-release.started.0.1.0", "dev.cdeventsx.slipway-release.waiting.0.1.0",
            "dev.cdeventsx.slipway-release.turnedback.0.1.0", "dev.cdevents.service.rolledback.0.2.0"]);
        bodies.Select(body => (string)body["id"]!).ShouldBe(
            ["shop/2", "shop/6", "shop/7", "shop/9", "shop/10", "shop/12"]);
        var data = bodies[1]["data"]!;
        data["context"]!["id"]!.GetValue<string>().ShouldBe("shop/6");
        data["context"]!["type"]!.GetValue<string>().ShouldBe("dev.cdevents.service.deployed.0.2.0");
        data["subject"]!["content"]!["artifactId"]!.GetValue<string>().ShouldBe("pkg:generic/shop@1.0");
        data["subject"]!["content"]!["environment"]!["id"]!.GetValue<string>().ShouldBe("production");
    }

    [Fact]
    public async Task An_incident_is_opened_by_what_goes_wrong_and_ended_by_what_goes_well()
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key"));
        await GoesBackFirst();
        await Happens(new Event.Ended(Outcome.RolledBack));
        await GoesWellAgain();
        var bodies = await Received(3);
        bodies.Select(body => (string)body["event_action"]!).ShouldBe(["trigger", "trigger", "resolve"]);
        bodies.ShouldAllBe(body => (string)body["dedup_key"]! == "slipway/production/shop");
        bodies.ShouldAllBe(body => (string)body["routing_key"]! == "key");
        bodies[0]["payload"]!["severity"]!.GetValue<string>().ShouldBe("error");
    }

    Task GoesBackFirst() => Happens(
        new Event.Started(1, RunKind.First, First, Budget.Beside(1), [new Step.Scale(First, 0, 1)])
        {
            NewRevision = new(1, "1.0", spec),
        },
        new Event.Entered(0),
        new Event.TurnedBack(Reason.InstancesFailed, "it crashes", [new Step.Scale(First, 1, 0)]),
        new Event.Entered(0));

    Task GoesWellAgain() => Happens(
        new Event.Started(2, RunKind.First, Second, Budget.Beside(1),
            [new Step.Scale(Second, 0, 1), new Step.Shift(new(Target.All(Second))), new Step.Settle(Second)])
        {
            NewRevision = new(2, "1.1", spec),
        },
        new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done));

    [Fact]
    public async Task Only_what_is_asked_for_is_told()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Succeeded));
        await GoesWell();
        (await Received(1)).Select(body => (string)body["text"]!).ShouldBe(["shop: 1.0 released"]);
    }

    [Fact]
    public async Task A_target_that_was_down_gets_everything_in_order()
    {
        var failures = 2;
        peer.Answer = _ => Interlocked.Decrement(ref failures) >= 0 ? (503, "") : (200, "");
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        var bodies = await Received(4);
        bodies.Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/2", "shop/2", "shop/6"]);
        told.ShouldHaveSingleItem()
            .ShouldBe("shop: Webhook was not told \"first deploy to 1.0\": it answered 503. It is tried again.");
    }

    [Fact]
    public async Task What_is_refused_for_good_holds_nothing_up()
    {
        peer.Answer = heard => heard.Body.Contains("\"shop/2\"", StringComparison.Ordinal) ? (404, "") : (200, "");
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        (await Received(2)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6"]);
        told.ShouldHaveSingleItem().ShouldEndWith("it answered 404");
    }

    [Fact]
    public async Task A_new_life_goes_on_where_the_last_one_ended()
    {
        var desk = await Desk(Hook(NotifyKind.Slack));
        await GoesWell();
        await Received(2);
        await desk.DisposeAsync();
        desks.Clear();
        await GoesBack();
        await Desk(Hook(NotifyKind.Slack));
        (await Received(6)).Count(body => (string)body["text"]! == "shop: release of 1.1").ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_named_and_what_is_sent_is_never_shown()
    {
        await Desk(new NotifySpec(NotifyKind.Slack, "${NOT_THERE}"), Hook(NotifyKind.Slack));
        await peer.DisposeAsync();
        await GoesWell();
        while (told.Count < 2) await Task.Yield();
        told.ShouldContain(line => line.Contains("NOT_THERE is not set", StringComparison.Ordinal));
        told.ShouldContain(line => line.Contains("it cannot be reached", StringComparison.Ordinal));
        told.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldAllBe(file =>
            !File.ReadAllText(file).Contains("HOOK", StringComparison.Ordinal));
    }
}
