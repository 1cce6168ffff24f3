using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Forwarding;

public sealed class DrainTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task What_is_under_way_on_a_leaving_instance_ends_with_word_of_the_drain()
    {
        await using var rig = new Rig(instances: 2);
        rig.Tell(rig.Backend);
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        rig.Tell(rig.Backends[1]);
        await instance.Send(Ok);
        var (head, body) = await client.Answer();
        body.ShouldBe("ok");
        head.ShouldContain("\r\nConnection: close\r\n");
        head.ShouldMatch("\r\nSlipway-Drain: (2[0-9]|30)\r\n");
        (await client.ToEnd()).ShouldBeEmpty();
        (await instance.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_not_been_answered_at_the_deadline_is_told_so()
    {
        await using var rig = new Rig(instances: 2, options: new SiteOptions { Drain = Short });
        rig.Tell(rig.Backend);
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        rig.Tell(rig.Backends[1]);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 503 ");
        (await instance.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_half_answered_at_the_deadline_is_cut_off()
    {
        await using var rig = new Rig(instances: 2, options: new SiteOptions { Drain = Short });
        rig.Tell(rig.Backend);
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        await client.Head();
        (await client.Exactly(5)).ShouldBe("hello");
        rig.Tell(rig.Backends[1]);
        (await client.ToBreak()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task A_client_that_reads_slowly_is_waited_for_no_longer_than_others(Form form)
    {
        await using var rig = new Rig(
            instances: 2, options: new SiteOptions { Drain = Short, Http2 = Http2Use.Always });
        rig.Tell(rig.Backend);
        using var answer = await LargeAnswer.Begin(rig, form);
        rig.Tell(rig.Backends[1]);
        // It would have half a minute otherwise, so long as the rest of the test may take.
        await answer.ShouldBeGivenUp();
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "9\r\ndata: 1\n\n\r\n", "\r\n0\r\n\r\n")]
    [InlineData("", "data: 1\n\n", "")]
    public async Task A_stream_of_events_is_ended_in_good_order_at_the_deadline(string field, string sent, string end)
    {
        await using var rig = new Rig(instances: 2, options: new SiteOptions { Drain = Short });
        rig.Tell(rig.Backend);
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{field}\r\n{sent}");
        await client.Head();
        await client.Until("data: 1\n\n");
        rig.Tell(rig.Backends[1]);
        (await client.ToEnd()).ShouldBe(end);
    }

    [Fact]
    public async Task A_stream_of_events_in_the_middle_of_one_can_only_be_cut_off()
    {
        await using var rig = new Rig(instances: 2, options: new SiteOptions { Drain = Short });
        rig.Tell(rig.Backend);
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata");
        await client.Until("data");
        rig.Tell(rig.Backends[1]);
        (await client.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_goes_ends_what_is_idle_and_lets_the_rest_end()
    {
        await using var rig = new Rig();
        using var idle = await rig.Connect(Get);
        using var instance = await AnswerTo(idle, rig);
        using var busy = await rig.Connect(Get);
        await instance.Head();

        var drained = rig.Plane.DrainAsync(Long, CancellationToken.None);
        (await idle.ToEnd()).ShouldBeEmpty();
        drained.IsCompleted.ShouldBeFalse();
        await instance.Send(Ok);
        var (head, body) = await busy.Answer();
        (head.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal), body).ShouldBe((true, "ok"));
        (await busy.ToEnd()).ShouldBeEmpty();
        busy.Dispose();
        idle.Dispose();
        await drained;
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(rig.Connect());
    }

    [Fact]
    public async Task A_gateway_that_goes_waits_no_longer_than_it_may()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await rig.Plane.DrainAsync(Short, CancellationToken.None);
        rig.Plane.Connections.ShouldBe(0);
        var (head, body) = await client.Answer();
        (head.Split(' ')[1], body).ShouldBe(("503", "The gateway had to go: try again.\n"));
        head.ShouldContain("\r\nRetry-After: ");
        (await instance.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_came_by_a_door_that_was_closed_is_served_once_more_and_told_to_come_anew()
    {
        await using var rig = new Rig();
        using var idle = await rig.Connect(Get);
        using var instance = await AnswerTo(idle, rig);
        using var busy = await rig.Connect(Get);
        await instance.Head();
        rig.Sites.Put(Rig.Service, new() { Listen = "there" });
        rig.Plane.StopListening("here");

        await ServeLast(busy);
        await idle.Send(Get);
        await instance.Head();
        await ServeLast(idle);

        async Task ServeLast(Peer client)
        {
            await instance.Send(Ok);
            var (head, body) = await client.Answer();
            (head.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal), body).ShouldBe((true, "ok"));
            (await client.ToEnd()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Whoever_came_for_a_service_that_was_removed_finds_nobody()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using var instance = await AnswerTo(client, rig);
        rig.Sites.Remove(Rig.Service);
        rig.Plane.StopListening("here");
        await client.Send(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 404 ");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_gateway_goes_on_with_the_same_socket()
    {
        await using var old = new Rig();
        using var client = await old.Connect(Get);
        using var instance = await old.Backend.Accept();
        await instance.Head();

        // Another process would get a copy of the descriptor; so does the other gateway here.
        var copy = Transport.Native.Copy(old.Plane.Listening[0].Descriptor);
        await using var plane = new DataPlane(old.Sites, loops: 1);
        plane.Adopt(old.Sites.DoorOf("here"), copy).ShouldBe(old.Port);
        var drained = old.Plane.DrainAsync(Long, CancellationToken.None);
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
        client.Dispose();
        await drained;

        using var next = await old.Connect(Get);
        using var again = await old.Backend.Accept();
        await again.Head();
        await again.Send(Ok);
        (await next.Answer()).Body.ShouldBe("ok");
    }

    /// <summary>The instance that has answered, whose client may ask again.</summary>
    static async Task<Peer> AnswerTo(Peer client, Rig rig)
    {
        var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.Answer()).Head.ShouldNotContain("Connection: close");
        return instance;
    }
}
