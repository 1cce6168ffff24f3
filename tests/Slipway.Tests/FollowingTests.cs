using System.Net.Http.Json;
using Slipway.Client;

namespace Slipway.Tests;

public sealed class FollowingTests
{
    static readonly ReleaseReport Watching = new("shop-2", 2, "shop", "deploy")
    {
        To = "2.0",
        Strategy = "canary",
        Environment = "production",
        Mode = "forward",
        Steps =
        [
            new(1, "shift", "Route 10 % to 2.0", "done", "", 0),
            new(2, "wait", "Watch for 1 min", "now", "36 of 100 requests", 60),
        ],
    };

    [Fact]
    public async Task A_step_that_takes_longer_than_its_time_says_what_it_waits_for() =>
        (await Told(Watching)).ShouldEndWith(" Watch for 1 min: 36 of 100 requests\n");

    [Fact]
    public async Task One_that_has_time_left_does_not() =>
        (await Told(Watching with { StepEnds = DateTimeOffset.MaxValue })).ShouldBe("");

    [Fact]
    public async Task One_that_is_paused_has_said_why() => (await Told(Watching with { Mode = "paused" })).ShouldBe("");

    static async Task<string> Told(ReleaseReport release)
    {
        using var said = new StringWriter { NewLine = "\n" };
        using var http = new HttpClient(new Plane(release)) { BaseAddress = new("http://plane/") };
        using var client = new SlipwayClient(http);
        var desk = new Desk(said, TextWriter.Null, "/", new(_ => null, true, true, () => (80, 24)));
        var following = new Following(client, desk) { Until = DateTimeOffset.MinValue };
        (await following.Follow(release.Id, CancellationToken.None)).ShouldBe(ExitCode.StillRunning);
        return said.ToString();
    }

    /// <summary>Knows one release, of which nothing has been told yet.</summary>
    sealed class Plane(ReleaseReport release) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content = request.RequestUri!.AbsolutePath.EndsWith("events", StringComparison.Ordinal)
                    ? JsonContent.Create([], ContractsJson.Default.IReadOnlyListEventReport)
                    : JsonContent.Create(release, ContractsJson.Default.ReleaseReport),
            });
    }
}
