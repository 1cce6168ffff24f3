using System.Security.Cryptography;
using System.Text;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Tests.Notices;

/// <summary>Nothing that a target is to be told gets lost in silence, whatever happens meanwhile.</summary>
public sealed class DeliveringTests : NoticeScene
{
    [Fact]
    public async Task What_is_told_late_says_when_it_was()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Succeeded), Hook(NotifyKind.Webhook, NotifyOn.Succeeded));
        Ago = TimeSpan.FromMinutes(3);
        await GoesWell();
        foreach (var body in await Received(2))
            ((string?)body["text"] ?? (string)body["data"]!["customData"]!["message"]!)
                .ShouldMatch(@"^shop: 1.0 is live \(at (\w+ \d+ )?\d\d:\d\d UTC\)$");
    }

    [Fact]
    public async Task Other_words_for_a_target_lose_nothing_that_it_was_still_to_be_told()
    {
        var isWell = false;
        Peer.Answer = _ => Volatile.Read(ref isWell) ? (200, "") : (500, "");
        await Desk(Hook(NotifyKind.Slack));
        await GoesWell();
        await Peer.Next();
        await Happens(new Event.Changed(Spec with
        {
            Notify = [Hook(NotifyKind.Slack) with { Text = "now {what}" }],
        }));
        Volatile.Write(ref isWell, true);
        await Heard("now deployed");
        Peer.Heard.Count(heard => heard.Body.Contains("now started", StringComparison.Ordinal))
            .ShouldBeGreaterThanOrEqualTo(1);
        Log.ShouldAllBe(line => !line.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_targets_at_one_address_are_each_told_their_own()
    {
        await Desk(Hook(NotifyKind.Slack, NotifyOn.Started), Hook(NotifyKind.Slack, NotifyOn.Succeeded));
        await GoesWell();
        (await Received(2)).Select(body => (string)body["text"]!).Order()
            .ShouldBe(["shop: 1.0 is live", "shop: release of 1.0 has begun"]);
    }

    [Fact]
    public async Task What_a_target_that_is_named_no_more_was_not_told_is_told_in_the_log()
    {
        Peer.Answer = _ => (500, "");
        await Desk(Hook(NotifyKind.Slack));
        await GoesWell();
        await Peer.Next();
        await Happens(new Event.Changed(Spec with { Notify = [] }));
        await Told("shop: Slack ${HOOK} is not named any more: 2 notices that it was not told yet are dropped, the "
            + "first \"release of 1.0 has begun\"");
    }

    [Fact]
    public async Task How_far_a_target_was_told_by_an_earlier_slipway_is_taken_over()
    {
        var target = Hook(NotifyKind.Webhook);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{target}")))[..16];
        var old = Path.Combine(Directory.CreateDirectory(Folder.File("notices")).FullName, $"shop-{digest}.json");
        await File.WriteAllTextAsync(old, """{"told":2}""");
        Spec = new() { Service = "shop", Runtime = new RuntimeSpec.Process(["shop"]), Notify = [target] };
        await Happens(new Event.Registered(Spec));
        await GoesWell();
        await Desk(target);
        (await Received(1)).Select(body => (string)body["id"]!).ShouldBe(["shop/6"]);
    }

    [Fact]
    public async Task A_new_life_goes_on_where_the_last_one_ended()
    {
        await OneLife(NotifyKind.Slack);
        await GoesBack();
        await Desk(Hook(NotifyKind.Slack));
        (await Received(6)).Count(body => ((string)body["text"]!).StartsWith("shop: release of 1.1 over",
            StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_between_sending_and_noting_it_sends_again_under_the_same_id()
    {
        await OneLife(NotifyKind.Webhook);
        var cursor = Directory.GetFiles(Folder.File("notices")).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(cursor, """{"told":2}""");
        await Desk(Hook(NotifyKind.Webhook));
        (await Received(3)).Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/6", "shop/6"]);
    }

    [Fact]
    public async Task A_target_that_was_down_gets_everything_in_order()
    {
        var failures = 2;
        Peer.Answer = _ => Interlocked.Decrement(ref failures) >= 0 ? (503, "") : (200, "");
        await Desk(Hook(NotifyKind.Webhook));
        await GoesWell();
        var bodies = await Received(4);
        bodies.Select(body => (string)body["id"]!).ShouldBe(["shop/2", "shop/2", "shop/2", "shop/6"]);
        Log.ShouldBe([
            "shop: webhook ${HOOK} was not told \"release of 1.0 has begun\": it answered 503. It is tried again",
            "shop: webhook ${HOOK} is told again"]);
    }

    /// <summary>In which a release went well, and its target heard of all of it.</summary>
    async Task OneLife(NotifyKind kind)
    {
        var desk = await Desk(Hook(kind));
        await GoesWell();
        await Received(2);
        await desk.DisposeAsync();
        Desks.Clear();
    }
}
