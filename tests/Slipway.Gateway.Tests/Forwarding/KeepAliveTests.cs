using Slipway.Gateway.Http;

namespace Slipway.Gateway.Forwarding;

public sealed class KeepAliveTests
{
    const string Get = "GET /a?b HTTP/1.1\r\nHost: shop\r\n\r\n";
    const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    [Fact]
    public async Task An_answer_comes_back_and_both_connections_serve_the_next_request()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldStartWith("GET /a?b HTTP/1.1\r\nHost: shop\r\n");
        await instance.Send(Answer);
        (await client.Answer()).Body.ShouldBe("hi");

        await client.Send(Get);
        await instance.Head();
        await instance.Send(Answer);
        (await client.Answer()).Body.ShouldBe("hi");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"POST /{i} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{i:000}")));
        using var instance = await rig.Backend.Accept();
        for (var i = 0; i < 100; i++)
        {
            (await instance.Head()).ShouldStartWith($"POST /{i} ");
            (await instance.Exactly(3)).ShouldBe($"{i:000}");
            await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{i:000}");
        }

        for (var i = 0; i < 100; i++) (await client.Answer()).Body.ShouldBe($"{i:000}");
    }

    [Fact]
    public async Task A_request_in_single_bytes_is_the_same_request()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect();
        foreach (var c in "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
            await client.Send(c.ToString());
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        (await instance.Until("0\r\n\r\n")).ShouldBe("2\r\nhi\r\n0\r\n\r\n");
        foreach (var c in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nyo\r\n0\r\n\r\n")
            await instance.Send(c.ToString());
        (await client.Until("0\r\n\r\n")).ShouldEndWith("\r\n\r\n2\r\nyo\r\n0\r\n\r\n");
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false)]
    public async Task The_client_says_whether_its_connection_stays(string request, bool stays)
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(request);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Answer);
        var (head, _) = await client.Answer();
        if (stays)
        {
            head.ShouldContain("\r\nConnection: keep-alive\r\n");
            return;
        }

        head.ShouldContain("\r\nConnection: close\r\n");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instance_that_closes_is_not_asked_on_that_connection_again()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            (await client.Answer()).Head.ShouldNotContain("Connection");
            (await instance.ToEnd()).ShouldBeEmpty();
        }

        await client.Send(Get);
        using var another = await rig.Backend.Accept();
        await another.Head();
    }

    [Fact]
    public async Task An_idle_connection_to_an_instance_that_has_closed_is_dropped()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send(Answer);
            await client.Answer();
            instance.EndSending();
            (await instance.ToEnd()).ShouldBeEmpty();
        }

        await client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        using var another = await rig.Backend.Accept();
        await another.Until("hi");
    }

    [Fact]
    public async Task A_silent_client_is_let_go_after_its_time()
    {
        await using var rig = new Rig(WireLimits.Default with { KeepAlive = TimeSpan.FromMilliseconds(100) });
        using var client = await rig.Connect();
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_instance_says_behind_its_answer_ends_its_connection()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send(Answer + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
            (await client.Answer()).Body.ShouldBe("hi");
            (await instance.ToBreak()).ShouldBeEmpty();
        }

        await client.Send(Get);
        using var another = await rig.Backend.Accept();
        await another.Head();
        await another.Send(Answer);
        (await client.Answer()).Body.ShouldBe("hi");
    }
}
