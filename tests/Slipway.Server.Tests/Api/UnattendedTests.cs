using Slipway.Client;
using Slipway.Decisions;

namespace Slipway.Api;

/// <summary>What comes of a fault of ours: one command at most, and if it is more, everybody can see it.</summary>
public sealed class UnattendedTests
{
    [Fact]
    public async Task A_command_that_cannot_be_decided_is_refused_and_the_next_one_is_not()
    {
        await using var desk = await Reception.Open(wits: Failing((command, _) => command is Command.Pause));
        await desk.Live();
        var pause = await desk.Post("/api/v1/services/shop/pause", "{}");
        (pause.Status, pause.Problem!.Title).ShouldBe((500,
            "shop could not decide this, which should not have happened: out of my wits"));
        desk.Told.ShouldHaveSingleItem().ShouldContain("out of my wits");
        (await desk.Client.Command("shop", "restart", new(), "", desk.Patience)).Release.ShouldBe(2);
        (await desk.Client.Service("shop", desk.Patience)).LookedAfter.ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_that_is_not_looked_after_any_more_shows_it_everywhere()
    {
        var fails = false;
        await using var desk = await Reception.Open(wits: Failing((command, _) => fails && command is null));
        await desk.Live();
        var stopped = new TaskCompletionSource();
        desk.Engine.Failed += (_, _) => stopped.TrySetResult();
        fails = true;
        desk.Engine.Changed("shop", Running.Place.Fleets);
        await stopped.Task.WaitAsync(desk.Patience);

        var shop = await desk.Client.Service("shop", desk.Patience);
        (shop.Attention, shop.State, shop.LookedAfter).ShouldBe((Attention.Asks, "not looked after", false));
        shop.Notice.ShouldNotBeNull().ShouldContain("shop is not looked after any more: out of my wits");
        (await desk.Ask("GET", "/readyz")).Status.ShouldBe(503);
        (await desk.Ask("GET", "/metrics")).Text.ShouldContain("slipway_service_looked_after{service=\"shop\"} 0");
        var abort = await desk.Post("/api/v1/services/shop/abort", "{}");
        (abort.Status, abort.Problem!.Advice).ShouldBe((503,
            "What runs goes on. To look after it again: end slipway up, and start it anew."));
    }

    [Fact]
    public async Task It_is_not_ready_before_it_knows_what_it_was_started_with()
    {
        var begun = false;
        await using var desk = await Reception.Open(scene => scene with { HasBegun = () => begun });
        (await desk.Ask("GET", "/readyz")).Status.ShouldBe(503);
        begun = true;
        (await desk.Ask("GET", "/readyz")).Status.ShouldBe(200);
    }

    static Wits Failing(Func<Command?, Releases.Service, bool> when) => new()
    {
        Decide = (service, seen, command, now) => when(command, service)
            ? throw new InvalidOperationException("out of my wits")
            : Mind.Decide(service, seen, command, now),
    };
}
