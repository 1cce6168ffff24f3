using System.Security.Cryptography;
using System.Text;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Notices;

/// <summary>What real servers receive of a release that goes well, and of one that goes back.</summary>
public sealed class NoticeTests : NoticeScene
{
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
        Peer.Heard[0].Path.ShouldBe("/hook?key=secret");
        Log.ShouldBeEmpty();
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
        var heard = await Peer.Next();
        var signature = heard.Signature.ShouldNotBeNull();
        var time = signature[2..signature.IndexOf(',', StringComparison.Ordinal)];
        var mac = HMACSHA256.HashData("between us"u8, Encoding.UTF8.GetBytes($"{time}.{heard.Body}"));
        signature.ShouldBe($"t={time},v1={Convert.ToHexStringLower(mac)}");
    }

    [Fact]
    public async Task An_undo_that_somebody_asked_for_went_well()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Succeeded));
        await GoesWell();
        await Ships();
        await Undo(Reason.Asked, "");
        (await Received(3)).Select(body => (string)body["text"]!)
            .ShouldBe(["shop: 1.0 is live", "shop: 1.1 is live", "shop: back to 1.0: it serves again"]);
    }

    [Fact]
    public async Task An_approval_is_asked_for_by_a_command_that_is_taken()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Waiting));
        await Happens(
            new Event.Started(1, RunKind.First, First, Budget.Beside(1),
                [new Step.Ask(new Question.Approval("the release", ["owners", "testers"], TimeSpan.FromHours(1)))])
            {
                NewRevision = new(1, "1.0", Spec),
            },
            new Event.Entered(0));
        (await Received(1)).Single()["text"]!.GetValue<string>()
            .ShouldBe("shop: 1.0 waits for approval: slipway approve shop --role owners");
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_told()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Succeeded));
        await GoesWell();
        (await Received(1)).Select(body => (string)body["text"]!).ShouldBe(["shop: 1.0 is live"]);
    }

    [Fact]
    public async Task A_target_that_says_much_is_told_once()
    {
        Peer.Answer = _ => (200, new('x', 100_000));
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        (await Received(2)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6"]);
        Log.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_refused_for_good_holds_nothing_up()
    {
        Peer.Answer = heard => heard.Body.Contains("\"shop/2\"", StringComparison.Ordinal) ? (404, "") : (200, "");
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        (await Received(2)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6"]);
        Log.ShouldHaveSingleItem().ShouldEndWith("it answered 404");
    }

    [Fact]
    public async Task A_secret_that_is_missing_is_named_and_what_is_sent_is_never_shown()
    {
        await Desk(new NotifySpec(NotifyKind.Slack, "${NOT_THERE}"), Hook(NotifyKind.Slack));
        await Peer.DisposeAsync();
        await GoesWell();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!Says("NOT_THERE is not set") || !Says("it cannot be reached"))
            await ticks.WaitForNextTickAsync(patience.Token);
        Log.ShouldAllBe(line => !line.Contains("secret", StringComparison.Ordinal));
        Directory.GetFiles(Folder.Path, "*", SearchOption.AllDirectories).ShouldAllBe(file =>
            !File.ReadAllText(file).Contains("HOOK", StringComparison.Ordinal));

        bool Says(string words) => Log.Any(line => line.Contains(words, StringComparison.Ordinal));
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

    [Theory]
    [InlineData(NotifyKind.Slack, "https://hooks.example.com/services/secret", "Slack hooks.example.com")]
    [InlineData(NotifyKind.PagerDuty, "secret", "PagerDuty")]
    [InlineData(NotifyKind.Webhook, "https://a.example.com/${KEY}", "webhook a.example.com")]
    [InlineData(NotifyKind.Webhook, "${HOOK}", "webhook ${HOOK}")]
    public void Nothing_is_shown_that_may_be_a_secret(NotifyKind kind, string target, string shown) =>
        new NotifySpec(kind, target).Shown.ShouldBe(shown);
}
