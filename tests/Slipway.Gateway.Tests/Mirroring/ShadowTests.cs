using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;

namespace Slipway.Gateway.Mirroring;

/// <summary>Copies of requests, sent to a real server beside the users' requests.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    readonly Street _street = new();
    readonly WebApplication _shadow;
    readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly System.Collections.Concurrent.ConcurrentQueue<string> _heard = new();
    readonly System.Collections.Concurrent.ConcurrentQueue<Dictionary<string, string>> _fields = new();
    Shadows _shadows = null!;

    public ShadowTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _shadow = builder.Build();
        _shadow.Run(async context =>
        {
            var headers = context.Request.Headers;
            _fields.Enqueue(headers.ToDictionary(one => one.Key, one => one.Value.ToString(),
                StringComparer.OrdinalIgnoreCase));
            _heard.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} "
                + $"{headers.Host} {headers["X-Shadow-Request"]} {headers["X-User"]} {headers["Transfer-Encoding"]}");
            if (context.Request.Path == "/held")
            {
                _holding.TrySetResult();
                await _answering.Task;
            }

            context.Response.StatusCode = context.Request.Path == "/bad" ? 500 : 200;
            await context.Response.WriteAsync("hello");
        });
    }

    public async Task InitializeAsync()
    {
        await _shadow.StartAsync();
        _shadows = new(_street.Sites);
        var port = new Uri(_shadow.Urls.Single()).Port;
        _street.Tell(Street.Of(Street.One, 1), [new Member(Street.Three, "shadow", "127.0.0.1", port)]);
        _street.Route(new(Target.All(Street.One)) { Mirror = new(Street.Three, Share.All, ["GET", "HEAD"]) });
    }

    public async Task DisposeAsync()
    {
        _answering.TrySetResult();
        await _shadows.DisposeAsync();
        await _shadow.DisposeAsync();
    }

    FleetTraffic Shadow => _street.Site.Book.Of(Street.Three);

    ShadowCopy? Copy(string target, string method = "GET", params string[] more)
    {
        var head = Heads.Of(method, target, "shop.example",
            ["Host: shop.example:80", "X-User: 7", "Connection: close, X-Mine", .. more]);
        var claim = _street.Claim(head);
        var copy = claim.Mirror(new(head, Street.Anybody) { Id = "id-1"u8 });
        claim.Release();
        return copy;
    }

    /// <summary>Over when nothing is under way to the shadow: what came of it is counted by then.</summary>
    Task Over() => Shadow.InFlight.Emptied().WaitAsync(TimeSpan.FromSeconds(30));

    static ulong Digest(string body)
    {
        var digest = new BodyDigest();
        digest.Add(System.Text.Encoding.ASCII.GetBytes(body));
        return digest.Value;
    }

    [Fact]
    public async Task A_copy_is_sent_marked_and_both_answers_are_compared()
    {
        Copy("/api/7?x=1")!.Answered(200, 50_000_000, Digest("hello"));
        Copy("/api/8")!.Answered(200, 0, Digest("other"));
        Copy("/bad")!.Answered(200, 50_000_000, Digest("hello"));
        await Over();

        _heard.ShouldContain("GET /api/7?x=1 shop.example:80 true 7 ");
        var routes = _shadows.Of(_street.Site);
        routes.Select(route => route.Route).ShouldBe(["GET /api", "GET /bad"]);
        (routes[0].Compared, routes[0].SameStatus, routes[0].SameBody).ShouldBe((2, 2, 1));
        routes[0].Faster.ShouldBe(1);
        (routes[1].Compared, routes[1].SameStatus, routes[1].SameBody).ShouldBe((1, 0, 1));
        var stats = new Counters(_street.Sites).Read().Sites.Single();
        stats.Shadow.ShouldBe(routes);
        var fleet = stats.Fleets.Single(one => one.Fleet == Street.Three);
        (fleet.User.Requests, fleet.Shadow.Requests, fleet.Shadow.Errors).ShouldBe((0, 3, 1));
    }

    [Fact]
    public async Task A_copy_says_who_asks_as_the_request_itself_does()
    {
        Copy("/who", "GET", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Proto: gopher", "Forwarded: for=1.1.1.1",
            "X-Mine: 5", "X-Request-Id: a b", "X-Shadow-Request: false", "X-Name: caf\u00e9")!.Abandoned();
        await Over();
        var fields = _fields.Single();
        fields["X-Forwarded-For"].ShouldBe("1.1.1.1, 192.0.2.7");
        fields["X-Forwarded-Proto"].ShouldBe("http");
        fields["Forwarded"].ShouldBe("for=1.1.1.1, for=192.0.2.7;proto=http");
        fields["X-Request-Id"].ShouldBe("id-1");
        fields["X-Shadow-Request"].ShouldBe("true");
        fields.ShouldContainKey("X-Name");
        fields.ShouldNotContainKey("X-Mine");
    }

    [Fact]
    public void Only_what_the_mirror_names_is_copied()
    {
        Copy("/", "POST").ShouldBeNull();
        _street.Route(new(Target.All(Street.One)));
        Copy("/").ShouldBeNull();
        _shadows.Of(_street.Site).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_fit_in_the_queue_is_dropped_and_counted()
    {
        var kept = 0;
        var most = Limits.ShadowQueue + Limits.ShadowWorkers;
        for (var i = 0; i < most + 100; i++)
            if (Copy("/held") is { } copy)
            {
                copy.Abandoned();
                kept++;
            }

        kept.ShouldBeInRange(Limits.ShadowQueue, most);
        _answering.SetResult();
        await Over();
        _shadows.Of(_street.Site).Single().Dropped.ShouldBe(most + 100);
    }

    [Fact]
    public async Task A_shadow_that_does_not_answer_is_a_failure_of_the_shadow_alone()
    {
        _street.Tell(Street.Of(Street.One, 1), [new Member(Street.Three, "nobody", "127.0.0.1", 1)]);
        Copy("/")!.Answered(200, 100, 0);
        await Over();
        _shadows.Of(_street.Site).Single().Failed.ShouldBe(1);
    }

    [Fact]
    public async Task Copies_that_cannot_be_made_fail_and_those_after_them_are_sent()
    {
        var good = Shadow.Roster.Ready.Single().Member;
        _street.Tell(Street.Of(Street.One, 1), [good with { Instance = "odd", Host = "a:b c" }]);
        for (var i = 0; i <= Limits.ShadowWorkers; i++) Copy("/")!.Answered(200, 100, Digest("hello"));
        await Over();
        _street.Tell(Street.Of(Street.One, 1), [good]);
        Copy("/")!.Answered(200, 100, Digest("hello"));
        await Over();
        var route = _shadows.Of(_street.Site).Single();
        (route.Failed, route.Compared).ShouldBe((Limits.ShadowWorkers + 1, 1));
    }

    [Fact]
    public void What_asks_for_no_path_is_not_copied()
    {
        _street.Route(new(Target.All(Street.One)) { Mirror = new(Street.Three, Share.All, []) });
        Copy("*", "OPTIONS").ShouldBeNull();
        Copy("/x", "OPTIONS").ShouldNotBeNull().Abandoned();
    }

    [Fact]
    public async Task A_drain_of_the_shadow_waits_for_copies()
    {
        Copy("/held")!.Abandoned();
        await _holding.Task.WaitAsync(TimeSpan.FromSeconds(30)); // what only waits in the queue fails at once
        _street.Route(new(Target.All(Street.One)));
        var drained = Draining.Drain(
            _street.Sites, _street.Site, Street.Three, null, TimeSpan.FromSeconds(30), CancellationToken.None);
        drained.IsCompleted.ShouldBeFalse();
        _answering.SetResult();
        await drained.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_digest_does_not_depend_on_how_the_body_came()
    {
        var body = Enumerable.Range(0, 1_000).Select(i => (byte)(i * 7)).ToArray();
        var whole = new BodyDigest();
        whole.Add(body);
        var chance = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var pieces = new BodyDigest();
            for (var at = 0; at < body.Length;)
            {
                var length = Math.Min(chance.Next(0, 30), body.Length - at);
                pieces.Add(body.AsSpan(at, length));
                at += length;
            }

            pieces.Value.ShouldBe(whole.Value);
        }

        body[500]++;
        var other = new BodyDigest();
        other.Add(body);
        other.Value.ShouldNotBe(whole.Value);
        Digest("").ShouldNotBe(Digest("\0"));
    }
}
