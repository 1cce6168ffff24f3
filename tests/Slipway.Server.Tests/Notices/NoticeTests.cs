using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Notices;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Notices;

/// <summary>What real servers receive of a release that goes well, and of one that goes back.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    static readonly Fleet First = new(1), Second = new(2);

    readonly TemporaryFolder folder = new();
    readonly MemoryJournal journal = new();
    readonly ConcurrentQueue<string> told = new();
    readonly List<NoticeDesk> desks = [];
    OtherSystem peer = null!;
    ServiceSpec spec = null!;
    Service service = new("shop");

    public async Task InitializeAsync() => peer = await OtherSystem.Start();

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
        var url = peer.Url;
        string? Variable(string name) => name switch
        {
            "HOOK" => $"{url}/hook?key=secret",
            "SIGNING_KEY" => "between us",
            _ => null,
        };
        var post = new Post(Variable, TimeProvider.System)
        {
            PagerDuty = $"{url}/enqueue",
        };
        desks.Add(new(new(journal, post, new(folder.Path)) { Tell = told.Enqueue }));
        desks[^1].Follow(service);
        return desks[^1];
    }

    async Task Happens(params Event[] events)
    {
        var recorded = events.Select((e, i) => new Recorded(service.Sequence + 1 + i, DateTimeOffset.UtcNow, e)
        {
            By = e is Event.Started { Release: 2 } ? "ana" : "",
        }).ToSeq();
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
            NewRevision = new(2, "1.1", spec) { Cause = "discount codes" },
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
            "shop: release of 1.0 has begun", "shop: 1.0 is live",
            "shop: release of 1.1 over 1.0 has begun, by ana: discount codes",
            "shop: release of 1.1 is paused: too few &lt;requests&gt;",
            "shop: 1.1 goes back to 1.0: errors 5 %", "shop: 1.1 rolled back, 1.0 serves: errors 5 %"]);
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
    public async Task A_webhook_with_a_secret_can_tell_that_it_is_us()
    {
        await Desk(Hook(NotifyKind.Webhook) with { Secret = "${SIGNING_KEY}" });
        await GoesWell();
        var heard = await peer.Next();
        var signature = heard.Signature.ShouldNotBeNull();
        var time = signature[2..signature.IndexOf(',', StringComparison.Ordinal)];
        var mac = HMACSHA256.HashData("between us"u8, Encoding.UTF8.GetBytes($"{time}.{heard.Body}"));
        signature.ShouldBe($"t={time},v1={Convert.ToHexStringLower(mac)}");
    }

    [Fact]
    public async Task An_incident_is_opened_by_what_goes_wrong_and_ended_by_what_goes_well()
    {
        await Desk(new NotifySpec(NotifyKind.PagerDuty, "key") { Url = $"{peer.Url}/eu" });
        await GoesBackFirst();
        await Happens(new Event.Ended(Outcome.RolledBack));
        await GoesWellAgain();
        var bodies = await Received(3);
        bodies.Select(body => (string)body["event_action"]!).ShouldBe(["trigger", "trigger", "resolve"]);
        bodies.ShouldAllBe(body => (string)body["dedup_key"]! == "slipway/production/shop");
        bodies.ShouldAllBe(body => (string)body["routing_key"]! == "key");
        peer.Heard.ShouldAllBe(heard => heard.Path == "/eu");
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
        (await Received(1)).Select(body => (string)body["text"]!).ShouldBe(["shop: 1.0 is live"]);
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
        told.ShouldBe([
            "shop: webhook ${HOOK} was not told \"release of 1.0 has begun\": it answered 503. It is tried again",
            "shop: webhook ${HOOK} is told again"]);
    }

    [Fact]
    public async Task A_target_that_says_much_is_told_once()
    {
        peer.Answer = _ => (200, new('x', 100_000));
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        (await Received(2)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6"]);
        told.ShouldBeEmpty();
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
        (await Received(6)).Count(body => ((string)body["text"]!).StartsWith("shop: release of 1.1 over",
            StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_named_and_what_is_sent_is_never_shown()
    {
        await Desk(new NotifySpec(NotifyKind.Slack, "${NOT_THERE}"), Hook(NotifyKind.Slack));
        await peer.DisposeAsync();
        await GoesWell();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!Says("NOT_THERE is not set") || !Says("it cannot be reached"))
            await ticks.WaitForNextTickAsync(patience.Token);
        told.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldAllBe(file =>
            !File.ReadAllText(file).Contains("HOOK", StringComparison.Ordinal));

        bool Says(string words) => told.Any(line => line.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crash_between_sending_and_noting_it_sends_again_under_the_same_id()
    {
        var desk = await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        await Received(2);
        await desk.DisposeAsync();
        desks.Clear();
        var cursor = Directory.GetFiles(folder.File("notices")).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(cursor, """{"told":2}""");
        await Desk(Hook(NotifyKind.Webhook));
        (await Received(3)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6", "shop/6"]);
    }

    [Fact]
    public async Task An_own_text_is_sent_with_its_names_filled_in()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.RolledBack) with
        {
            Text = "{what} {version}/{stable}: {why} {else}",
        });
        await GoesWell();
        await GoesBack();
        (await Received(2)).Select(body => (string)body["text"]!)
            .ShouldBe(["goes back 1.1/1.0: errors 5 % {else}", "rolled back 1.1/1.0: errors 5 % {else}"]);
    }

    [Fact]
    public async Task A_trial_reaches_every_target_and_leaves_no_incident_open()
    {
        var desk = await Desk(Hook(NotifyKind.Slack, NotifyOn.Failed), new(NotifyKind.PagerDuty, "key"),
            new(NotifyKind.Webhook, "${NOT_THERE}"));
        (await desk.Try(service, CancellationToken.None)).Select(trial => (trial.Target, trial.Taken)).ShouldBe(
            [("Slack ${HOOK}", true), ("PagerDuty", true), ("webhook ${NOT_THERE}", false)]);
        var bodies = await Received(3);
        bodies.Select(body => (string?)body["event_action"]).OfType<string>().ShouldBe(["trigger", "resolve"]);
        bodies.Select(body => (string?)body["dedup_key"]).OfType<string>().Distinct()
            .ShouldBe(["slipway/production/shop/trial"]);
        bodies.ShouldContain(body => (string?)body["text"] == "shop: a trial: notices of this service come here");
    }

    [Theory]
    [InlineData(NotifyKind.Slack, "https://hooks.example.com/services/secret", "Slack hooks.example.com")]
    [InlineData(NotifyKind.PagerDuty, "secret", "PagerDuty")]
    [InlineData(NotifyKind.Webhook, "https://a.example.com/${KEY}", "webhook a.example.com")]
    [InlineData(NotifyKind.Webhook, "${HOOK}", "webhook ${HOOK}")]
    public void Nothing_is_shown_that_may_be_a_secret(NotifyKind kind, string target, string shown) =>
        new NotifySpec(kind, target).Shown.ShouldBe(shown);
}
