using Slipway.Gateway.Http;

namespace Slipway.Gateway.Forwarding;

public sealed class BodyTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task Chunks_and_trailers_go_both_ways_as_they_come()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Chunked + "5;x=y\r\nhello\r\n");
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nTransfer-Encoding: chunked\r\n");
        (await instance.Exactly(14)).ShouldBe("5;x=y\r\nhello\r\n");
        await client.Send("0\r\nX-Sum: 1\r\n\r\n");
        (await instance.Until("\r\n\r\n")).ShouldBe("0\r\nX-Sum: 1\r\n\r\n");

        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n");
        (await client.Head()).ShouldContain("\r\nTransfer-Encoding: chunked\r\n");
        (await client.Exactly(7)).ShouldBe("2\r\nhi\r\n");
        await instance.Send("0\r\nX-Sum: 2\r\n\r\n");
        (await client.Until("\r\n\r\n")).ShouldBe("0\r\nX-Sum: 2\r\n\r\n");

        await client.Send(Get);
        await instance.Head();
    }

    [Fact]
    public async Task A_request_pipelined_behind_chunks_is_the_next_one()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Chunked + "5\r\nhel");
        using var instance = await rig.Backend.Accept();
        await instance.Until("hel");
        await client.Send("lo\r\n0\r\n\r\n" + Get.Replace("/ ", "/next ", StringComparison.Ordinal));
        await instance.Until("0\r\n\r\n");
        await instance.Send(Ok);
        await client.Head();
        (await instance.Head()).ShouldStartWith("GET /next ");
    }

    [Fact]
    public async Task A_large_body_goes_both_ways_unchanged()
    {
        var body = new byte[5_000_000];
        Random.Shared.NextBytes(body);
        await using var rig = new Rig();
        using var client = await rig.Connect($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        var sent = client.Send(body);
        var received = System.Text.Encoding.Latin1.GetBytes(await instance.Exactly(body.Length));
        await sent;
        received.SequenceEqual(body).ShouldBeTrue();

        sent = instance.Send(System.Text.Encoding.Latin1.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"));
        await sent;
        sent = instance.Send(body);
        await client.Head();
        System.Text.Encoding.Latin1.GetBytes(await client.Exactly(body.Length)).SequenceEqual(body).ShouldBeTrue();
        await sent;
    }

    [Fact]
    public async Task A_client_is_slowed_down_to_what_the_instance_takes()
    {
        const int length = 64 * 1024 * 1024;
        await using var rig = new Rig();
        using var client = await rig.Connect($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        var sent = client.Send(new byte[length]);
        // Nobody reads at the other end: what is under way fits into the sockets, and the rest waits with the client.
        (await Task.WhenAny(sent, instance.Drain(1_000_000))).ShouldNotBe(sent);
        await instance.Drain(length - 1_000_000 - (64 * 1024));
    }

    [Fact]
    public async Task A_client_that_waits_for_permission_gets_it_from_the_instance()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nExpect: 100-continue\r\n");
        await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
        (await client.Head()).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        await client.Send("hi");
        (await instance.Exactly(2)).ShouldBe("hi");
        await instance.Send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Ok);
        (await client.Head()).ShouldBe("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
        (await client.Head()).ShouldStartWith("HTTP/1.1 200 OK\r\n");
    }

    [Fact]
    public async Task A_client_that_is_refused_before_its_body_is_told_that_the_connection_ends()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        var head = await client.Head();
        head.ShouldStartWith("HTTP/1.1 417 ");
        head.ShouldContain("\r\nConnection: close\r\n");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    public async Task Some_answers_have_no_body_whatever_they_say(string method, string answer)
    {
        await using var rig = new Rig();
        using var client = await rig.Connect($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(answer);
        (await client.Head()).ShouldStartWith(answer.Split("\r\n")[0]);
        await client.Send(Get);
        await instance.Head();
        await instance.Send(Ok);
        (await client.Head()).ShouldStartWith("HTTP/1.1 200 OK\r\n");
    }

    [Fact]
    public async Task An_answer_that_ends_with_its_connection_ends_the_clients_too()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send("HTTP/1.1 200 OK\r\n\r\nuntil the ");
            (await client.Head()).ShouldContain("\r\nConnection: close\r\n");
            (await client.Exactly(10)).ShouldBe("until the ");
            await instance.Send("end");
        }

        (await client.ToEnd()).ShouldBe("end");
    }

    [Fact]
    public async Task An_old_client_gets_chunks_without_their_wrapping()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        var head = await client.Head();
        head.ShouldNotContain("Transfer-Encoding");
        (await client.Exactly(5)).ShouldBe("hello");
        await instance.Send("6;x\r\n world\r\n0\r\nX: y\r\n\r\n");
        (await client.ToEnd()).ShouldBe(" world");
    }

    [Fact]
    public async Task A_body_that_breaks_its_form_is_refused_before_anything_reaches_an_instance()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Chunked + "5\r\nhelloXX0\r\n\r\n");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 400 ");
        (await client.ToEnd()).ShouldBeEmpty();
        rig.Backend.HasPending.ShouldBeFalse();
        rig.Plane.Refused(Http.Refusal.BadChunk).ShouldBe(1);
    }

    [Fact]
    public async Task A_body_that_breaks_its_form_later_cuts_the_instance_off()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Chunked + "5\r\nhello\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Until("hello\r\n");
        await client.Send("x\r\n");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 400 ");
        (await instance.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_comes_to_a_halt_is_given_up()
    {
        await using var rig = new Rig(WireLimits.Default with { BodyIdle = TimeSpan.FromMilliseconds(100) });
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
        using var instance = await rig.Backend.Accept();
        await instance.Until("hel");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_given_up()
    {
        await using var rig = new Rig(WireLimits.Default with { BodyIdle = TimeSpan.FromMilliseconds(100) });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
        await Should.ThrowAsync<IOException>(instance.Send(new byte[100_000_000]));
    }
}
