using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;

namespace Slipway.Gateway.Forwarding;

public sealed class HoldTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Whoever_is_held_goes_on_when_the_table_says_so()
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Long)));
        var clients = new List<Peer>();
        for (var i = 0; i < 20; i++) clients.Add(await rig.Connect(Get));
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 20);
        rig.Route(Rig.RouteTo());
        foreach (var _ in clients)
        {
            var instance = await rig.Backend.Accept();
            await instance.Head();
            await instance.Send(Ok);
        }

        foreach (var client in clients) (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Whoever_comes_while_nobody_is_ready_waits_for_the_first()
    {
        await using var rig = new Rig();
        rig.TellNobody();
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        rig.Tell();
        using var instance = await rig.Backend.Accept();
        await instance.Until("hi");
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Whoever_is_held_when_the_gateway_has_to_go_is_told_to_come_again()
    {
        await using var rig = new Rig();
        rig.TellNobody();
        using var client = await rig.Connect(Get);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        await rig.Plane.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 503 ");
    }

    [Fact]
    public async Task Nobody_is_held_for_longer_than_the_limit_from_his_own_arrival()
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Short)));
        using var client = await rig.Connect(Get);
        var (head, _) = await client.Answer();
        head.ShouldStartWith("HTTP/1.1 503 ");
        head.ShouldContain("\r\nRetry-After: 1\r\n");

        rig.Route(Rig.RouteTo());
        await client.Send(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
    }

    [Fact]
    public async Task The_health_path_is_answered_meanwhile()
    {
        await using var rig = new Rig(options: new SiteOptions { HealthPath = "/healthz" });
        rig.Route(new(new Target.Hold(Long)));
        using var client = await rig.Connect("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task One_too_many_is_not_held()
    {
        await using var rig = new Rig(WireLimits.Default with { Held = 1 });
        rig.Route(new(new Target.Hold(Long)));
        using var first = await rig.Connect(Get);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        using var second = await rig.Connect(Get);
        (await second.Answer()).Head.ShouldStartWith("HTTP/1.1 503 ");
    }

    [Fact]
    public async Task Whoever_leaves_while_held_is_not_asked_for()
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Long)));
        var gone = await rig.Connect(Get);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        gone.Reset();
        await Until(() => rig.Plane.Connections == 0);
        rig.Route(Rig.RouteTo());
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_speaks_no_more_while_held_has_left()
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Long)));
        using (await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"))
            await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        await Until(() => rig.Plane.Connections == 0);
        rig.Route(Rig.RouteTo());
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldStartWith("GET ");
        rig.Backend.HasPending.ShouldBeFalse();
        var nobody = new Counters(rig.Sites).Read().Sites.Single().Unrouted;
        (nobody.Requests, nobody.Classes[0], nobody.Errors).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task Whoever_has_spoken_his_last_before_he_is_held_has_left_too()
    {
        await using var rig = new Rig(options: new SiteOptions { HealthPath = "/healthz" });
        rig.Route(new(new Target.Hold(Long)));
        using var client = await rig.Connect(
            "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + Get);
        client.EndSending();
        (await client.ToEnd()).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task The_time_for_the_whole_goes_on_while_somebody_is_held()
    {
        await using var rig = new Rig(options: new SiteOptions { Timeouts = new() { Total = Short } });
        rig.Route(new(new Target.Hold(Long)));
        using var client = await rig.Connect(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
        new Counters(rig.Sites).Read().Sites.Single().Unrouted.TimedOut.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_leaves_while_held_makes_room_for_another()
    {
        await using var rig = new Rig(WireLimits.Default with { Held = 1 });
        rig.Route(new(new Target.Hold(Long)));
        var gone = await rig.Connect(Get);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        gone.Reset();
        await Until(() => rig.Plane.Connections == 0);
        using var client = await rig.Connect(Get);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 2);
        rig.Route(Rig.RouteTo());
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_waits_in_the_connection_and_comes_whole_after_the_hold(bool chunked)
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Long)));
        var body = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number:d5}\n"));
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\n"
            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {body.Length}\r\n\r\n"));
        var sent = client.Send(chunked ? $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n" : body);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        rig.Route(Rig.RouteTo());
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        if (chunked) await instance.Until("\r\n");
        (await instance.Exactly(body.Length)).ShouldBe(body);
        await sent;
        if (chunked) await instance.Until("0\r\n\r\n");
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_client_that_waits_for_a_word_before_its_body_gets_it_after_the_hold()
    {
        await using var rig = new Rig();
        rig.Route(new(new Target.Hold(Long)));
        using var client = await rig.Connect(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Held) >= 1);
        rig.Route(Rig.RouteTo());
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nExpect: 100-continue\r\n");
        await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
        (await client.Head()).ShouldStartWith("HTTP/1.1 100 ");
        await client.Send("hi");
        (await instance.Exactly(2)).ShouldBe("hi");
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Whoever_is_turned_away_is_counted_and_told_when_to_come_again()
    {
        await using var rig = new Rig();
        rig.Route(RouteTable.Closed);
        using var client = await rig.Connect(Get);
        var (head, _) = await client.Answer();
        head.ShouldStartWith("HTTP/1.1 503 ");
        head.ShouldContain("\r\nRetry-After: 1\r\n");
        rig.Sites.Lanes.Sum(lane => lane.Find(rig.Site)?.Unrouted.Requests ?? 0).ShouldBe(1);
    }

    /// <summary>Facts that nobody tells of are looked at until they are there.</summary>
    static async Task Until(Func<bool> isSo)
    {
        for (var left = 3_000_000; !isSo(); left--)
        {
            left.ShouldBeGreaterThan(0);
            await Task.Yield();
        }
    }
}
