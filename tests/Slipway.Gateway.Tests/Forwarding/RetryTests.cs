using Slipway.Gateway.Http;
using Slipway.Routing;

namespace Slipway.Gateway.Forwarding;

public sealed class RetryTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task An_instance_that_cannot_be_reached_is_passed_over_for_any_method()
    {
        await using var rig = new Rig(instances: 2);
        rig.Backends[1].Dispose();
        for (var i = 0; i < 8; i++)
        {
            using var client = await rig.Connect(Post);
            using var instance = await rig.Backend.Accept();
            await instance.Until("hi");
            await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            (await client.Answer()).Body.ShouldBe("ok");
        }
    }

    [Fact]
    public async Task When_nobody_of_one_side_of_a_split_can_be_reached_the_other_answers()
    {
        await using var rig = new Rig(instances: 2);
        rig.Backends[1].Dispose();
        Fleet lost = new(2);
        rig.Sites.Tell(Rig.Service,
        [
            new(Rig.Fleet, "one", "127.0.0.1", rig.Backend.Port),
            new(lost, "two", "127.0.0.1", rig.Backends[1].Port),
        ]);
        rig.Route(new(Target.Between(Rig.Fleet, lost, Share.Percent(90))));
        for (var i = 0; i < 100; i++) // far more than the budget for other retries
        {
            using var client = await rig.Connect(Post);
            using var instance = await rig.Backend.Accept();
            await instance.Until("hi");
            await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            (await client.Answer()).Body.ShouldBe("ok");
        }
    }

    [Fact]
    public async Task When_nobody_can_be_reached_the_client_is_told()
    {
        await using var rig = new Rig();
        rig.Backend.Dispose();
        using var client = await rig.Connect(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
        await client.Send(Get);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_request_that_may_be_asked_twice_is_asked_elsewhere_when_nothing_was_answered()
    {
        await using var rig = new Rig(instances: 2);
        using var client = await rig.Connect(Get);
        var (first, other) = await Either(rig);
        await first.Head();
        first.Dispose();
        using var second = await other.Accept();
        await second.Head();
        await second.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task All_that_an_instance_was_answering_when_it_died_is_asked_elsewhere()
    {
        const int many = 40;
        await using var rig = new Rig(instances: 2);
        Member dying = new(Rig.Fleet, "dying", "127.0.0.1", rig.Backends[1].Port);
        rig.Sites.Tell(Rig.Service, [dying]);
        var clients = new List<Peer>();
        var underWay = new List<Peer>();
        for (var i = 0; i < many; i++)
        {
            clients.Add(await rig.Connect(Get));
            underWay.Add(await rig.Backends[1].Accept());
            await underWay[^1].Head();
        }

        rig.Sites.Tell(Rig.Service, [dying, new(Rig.Fleet, "living", "127.0.0.1", rig.Backend.Port)]);
        rig.Backends[1].Dispose();
        foreach (var lost in underWay) lost.Dispose();
        foreach (var _ in clients)
        {
            using var instance = await rig.Backend.Accept();
            await instance.Head();
            await instance.Send(Ok);
        }

        foreach (var client in clients)
        {
            (await client.Answer()).Body.ShouldBe("ok");
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_request_that_must_not_be_asked_twice_is_not()
    {
        await using var rig = new Rig(instances: 2);
        using var client = await rig.Connect(Post);
        var (first, other) = await Either(rig);
        await first.Until("hi");
        first.Dispose();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
        other.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_asked_twice_once_something_was_answered()
    {
        await using var rig = new Rig(instances: 2);
        using var client = await rig.Connect(Get);
        var (first, other) = await Either(rig);
        await first.Head();
        await first.Send("H");
        first.Dispose();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
        other.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_that_went_stale_is_replaced()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send(Ok);
            await client.Answer();
            await client.Send(Get);
            await instance.Head();
        }

        using var another = await rig.Backend.Accept();
        await another.Head();
        await another.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_large_upload_is_not_sent_twice()
    {
        await using var rig = new Rig(instances: 2);
        using var client = await rig.Connect("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
        var (first, other) = await Either(rig);
        await first.Head();
        await client.Send(new byte[50_000]);
        await first.Exactly(50_000);
        first.Dispose();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
        other.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task There_is_an_end_to_trying()
    {
        await using var rig = new Rig(WireLimits.Default with { Retries = 2 });
        using var client = await rig.Connect(Get);
        for (var i = 0; i < 3; i++)
        {
            using var instance = await rig.Backend.Accept();
            await instance.Head();
        }

        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    /// <summary>Whoever of the two was asked, and the other one.</summary>
    static async Task<(Peer, Backend)> Either(Rig rig)
    {
        var (a, b) = (rig.Backends[0].Accept(), rig.Backends[1].Accept());
        var first = await Task.WhenAny(a, b);
        var other = new Backend(first == a ? b : a);
        return (await first, other);
    }
}
