using Slipway.Client;

namespace Slipway.Api;

/// <summary>A key stands for one wish, for as long as the release that it began is known.</summary>
public sealed class OnceTests
{
    const string Releases = "/api/v1/services/shop/releases";

    static readonly (string, string) Key = ("Idempotency-Key", "build 812");

    [Fact]
    public async Task A_key_is_known_when_many_commands_have_come_and_its_release_is_over()
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        await desk.Post(Releases, """{ "version": "2.0" }""", Key);
        for (var i = 0; i < 40; i++)
        {
            await desk.Client.Command("shop", "pause", new(), $"p{i}", desk.Patience);
            await desk.Client.Command("shop", "resume", new(), $"r{i}", desk.Patience);
        }

        await desk.Client.Command("shop", "abort", new(), "a", desk.Patience);
        await desk.Until(runner => runner.Service.Run is null);
        var again = await desk.Post(Releases, """{"version":"2.0"}""", Key);
        (again.Status, desk.Shop.Releases).ShouldBe((200, 2));
        again.Text.ShouldBe("""{"service":"shop","release":2,"text":"release 2 of shop: stopped"}""");
    }

    [Fact]
    public async Task A_key_that_stands_for_something_else_is_refused()
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        await desk.Post(Releases, """{ "version": "2.0" }""", Key);
        (await desk.Post(Releases, """{ "version": "3.0" }""", Key)).Problem!.Status.ShouldBe(409);
        (await desk.Post("/api/v1/services/shop/abort", "{}", Key)).Problem!.Title
            .ShouldContain("\"build 812\" stands for something else");
        desk.Shop.Run!.Mode.ShouldBe(Slipway.Releases.Mode.Forward);
    }

    [Fact]
    public async Task A_deployment_that_had_to_wait_is_known_by_the_release_that_it_became()
    {
        await using var desk = await Reception.Open();
        await desk.Live();
        await desk.Client.Deploy("shop", new("2.0"), "first", desk.Patience);
        var asked = new DeployRequest("3.0") { OnNewer = "queue" };
        (await desk.Client.Deploy("shop", asked, "second", desk.Patience)).Release.ShouldBe(2);
        await desk.Client.Command("shop", "promote", new() { Full = true }, "", desk.Patience);
        await desk.Until(runner => runner.Service.Run is { Release: 3 });
        (await desk.Client.Deploy("shop", asked, "second", desk.Patience)).Release.ShouldBe(3);
        desk.Shop.Releases.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_is_known_although_its_build_is_gone_by_then()
    {
        var isGone = false;
        await using var desk = await Reception.Open(scene => scene with
        {
            Missing = (_, _) => isGone ? new("it is gone", "") : null,
        });
        await desk.Register();
        await desk.Client.Deploy("shop", new("1.0"), "key", desk.Patience);
        isGone = true;
        (await desk.Client.Deploy("shop", new("1.0"), "key", desk.Patience)).Release.ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_is_removed_twice_under_one_key_is_removed()
    {
        await using var desk = await Reception.Open();
        await desk.Register();
        (await desk.Ask("DELETE", "/api/v1/services/shop", null, null, Key)).Text.ShouldContain("shop is removed");
        (await desk.Ask("DELETE", "/api/v1/services/shop", null, null, Key)).Status.ShouldBe(200);
        (await desk.Ask("DELETE", "/api/v1/services/shop")).Status.ShouldBe(404);
    }
}
