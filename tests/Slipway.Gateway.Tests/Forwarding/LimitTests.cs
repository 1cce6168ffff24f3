using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>Limits of time and number, as far as they are not tested where they matter most.</summary>
public sealed class LimitTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task An_instance_that_takes_no_connection_is_not_waited_for()
    {
        await using var rig = new Rig(WireLimits.Default with { Connect = Short, Retries = 0 });
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)full.LocalEndPoint!).Port); // that is all it takes
        rig.Sites.Tell(Rig.Service, [new(Rig.Fleet, "full", "127.0.0.1", ((IPEndPoint)full.LocalEndPoint).Port)]);
        using var client = await rig.Connect(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_tunnel_in_which_nothing_moves_is_ended()
    {
        await using var rig = new Rig(WireLimits.Default with { TunnelIdle = Short });
        using var client = await rig.Connect(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
        await client.Head();
        (await client.ToBreak()).ShouldBeEmpty();
        (await instance.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_to_an_instance_is_given_up_when_nobody_needs_it()
    {
        await using var rig = new Rig(WireLimits.Default with { UpstreamIdle = Short });
        using var client = await rig.Connect(Get);
        using var instance = await Answered(rig, client);
        (await instance.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_idle_connections_to_an_instance_are_kept_than_allowed()
    {
        await using var rig = new Rig(WireLimits.Default with { UpstreamIdle = Long, IdleUpstreams = 1 });
        using var first = await rig.Connect(Get);
        using var one = await rig.Backend.Accept();
        await one.Head();
        using var second = await rig.Connect(Get);
        using var other = await rig.Backend.Accept();
        await other.Head();
        await one.Send(Ok);
        await first.Answer();
        await other.Send(Ok);
        await second.Answer();
        (await other.ToEnd()).ShouldBeEmpty();
        await first.Send(Get);
        await one.Head();
    }

    [Fact]
    public async Task Words_before_the_answer_come_to_an_end()
    {
        await using var rig = new Rig(WireLimits.Default with { Interim = 2 });
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 3)));
        (await client.Head()).ShouldStartWith("HTTP/1.1 103 ");
        (await client.Head()).ShouldStartWith("HTTP/1.1 103 ");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_client_that_sends_slower_than_anybody_is_given_up_though_it_never_stops()
    {
        await using var rig = new Rig(WireLimits.Default with
        {
            BodyIdle = Long,
            SlowGrace = Short,
            SlowestClient = 1_000_000,
        });
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await client.Send("a");
        await instance.Until("a");
        await client.Send("b");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
        rig.Plane.Tallies.Sum(tally => tally.Slow).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_without_a_length_may_come_as_slowly_as_it_likes_while_it_comes(bool http2)
    {
        await using var rig = new Rig(
            WireLimits.Default with { SlowGrace = Short, SlowestClient = 1_000_000, HeadTime = 3 * Short },
            options: new SiteOptions { Http2 = Specification.Http2Use.Always });
        using var client = http2 ? null : await rig.Connect(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var speaker = http2 ? await Speaker.To(rig) : null;
        if (speaker is not null) await speaker.Ask(1, ends: false, "POST");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        for (var i = 0; i < 3; i++)
        {
            await (client?.Send("4\r\nline\r\n") ?? speaker!.Data(1, "line"));
            await instance.Until("line\r\n");
            await rig.TimeHasPassed();
        }

        await (client?.Send("0\r\n\r\n") ?? speaker!.Data(1, "", ends: true));
        await instance.Until("0\r\n\r\n");
        await instance.Send(Ok);
        if (client is not null) (await client.Answer()).Body.ShouldBe("ok");
        else (await speaker!.HearHead()).Fields.ShouldStartWith(":status: 200\n");
    }

    [Fact]
    public async Task A_client_that_takes_a_byte_now_and_then_is_given_up_though_it_never_stops()
    {
        await using var rig = new Rig(
            WireLimits.Default with { BodyIdle = Short, SlowGrace = Short, SlowestClient = int.MaxValue },
            options: new SiteOptions { Http2 = Specification.Http2Use.Always });
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 1));
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        const int Much = 1_000_000;
        await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Much}\r\n\r\n");
        _ = instance.Send(new byte[Much]);
        await client.HearHead();
        var heard = await client.HearWord();
        for (var left = Much; heard.Kind == FrameKind.Data; left--)
        {
            left.ShouldBeGreaterThan(0);
            await client.Say(FrameKind.Window, 1, 1);
            heard = await client.HearWord();
        }

        heard.ShouldEnd(1, ErrorCode.Cancel);
        await Until(() => rig.Plane.Tallies.Sum(tally => tally.Slow) == 1);
    }

    [Fact]
    public async Task A_refused_client_that_does_not_leave_is_left()
    {
        await using var rig = new Rig(WireLimits.Default with { Linger = Short });
        using var client = await rig.Connect("nonsense\r\n\r\n");
        (await client.ToEnd()).ShouldStartWith("HTTP/1.1 400 ");
        await Until(() => rig.Plane.Connections == 0);
    }

    [Fact]
    public async Task Every_client_that_may_come_may_ask()
    {
        await using var rig = new Rig(WireLimits.Default with { DescriptorsKept = AllBut(4) });
        using var first = await rig.Connect(Get);
        using var one = await rig.Backend.Accept();
        using var second = await rig.Connect(Get);
        using var other = await rig.Backend.Accept();
        using var third = await rig.Connect();
        (await third.ToEnd()).ShouldEndWith("\r\nToo many connections: try again later.\n");
        foreach (var instance in (Peer[])[one, other])
        {
            await instance.Head();
            await instance.Send(Ok);
        }

        (await first.Answer()).Body.ShouldBe("ok");
        (await second.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_full_gateway_blames_nobody_but_itself()
    {
        await using var rig = new Rig(WireLimits.Default with
        {
            DescriptorsKept = AllBut(3),
            DescriptorsForClients = 1,
        });
        using var first = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        using var second = await rig.Connect(Get);
        var (head, body) = await second.Answer();
        head.ShouldStartWith("HTTP/1.1 503 ");
        head.ShouldContain("\r\nRetry-After: 1\r\n");
        body.ShouldBe("The gateway is full: try again later.\n");
        var site = new Counters(rig.Sites).Read().Sites.Single();
        site.Fleets.Single().User.ShouldBe(CountStats.None);
        site.Unrouted.Requests.ShouldBe(1);
        rig.Plane.Tallies.Sum(tally => tally.OutOfDescriptors).ShouldBe(1);

        await instance.Send(Ok);
        await first.Answer();
        await second.Send(Get);
        await instance.Head();
        await instance.Send(Ok);
        (await second.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_gateway_that_goes_waits_for_a_last_request_for_a_while()
    {
        await using var rig = new Rig(WireLimits.Default with { LastCall = TimeSpan.FromSeconds(1) });
        using var late = await rig.Connect(Get);
        using var instance = await Answered(rig, late);
        using var idle = await rig.Connect(Get);
        await instance.Head();
        await instance.Send(Ok);
        await idle.Answer();

        var drained = rig.Plane.DrainAsync(Long, CancellationToken.None);
        await late.Send(Get);
        await instance.Head();
        await instance.Send(Ok);
        (await late.Answer()).Head.ShouldContain("\r\nConnection: close\r\n");
        (await idle.ToEnd()).ShouldBeEmpty();
        idle.Dispose();
        late.Dispose();
        await drained;
    }

    /// <summary>So many are left for clients and instances.</summary>
    static int AllBut(int descriptors) => (int)Native.DescriptorsMax() - descriptors;

    static async Task Until(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo() && !patience.IsCancellationRequested) await Task.Yield();
        isSo().ShouldBeTrue();
    }

    static async Task<Peer> Answered(Rig rig, Peer client)
    {
        var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
        return instance;
    }
}
