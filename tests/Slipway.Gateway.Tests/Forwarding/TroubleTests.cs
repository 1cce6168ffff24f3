using System.Text.Json;
using Slipway.Gateway.Http;
using Slipway.Gateway.Telemetry;
using Slipway.Support;

namespace Slipway.Gateway.Forwarding;

public sealed class TroubleTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Theory]
    [InlineData("nonsense\r\n\r\n", "bad status line")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", "bad status line")]
    [InlineData("HTTP/1.1 99 Low\r\n\r\n", "bad status line")]
    [InlineData("HTTP/1.1 2000 High\r\n\r\n", "bad status line")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "bare line feed")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "repeated content length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "length and coding")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "unknown coding")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "coding in old version")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "folded")]
    [InlineData("HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "space before colon")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "control byte")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "bad chunk")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "unasked upgrade")]
    [InlineData("HTTP/1.1 200 O", "broke off")]
    public async Task An_answer_that_breaks_the_protocol_becomes_502_and_its_connection_is_thrown_away(
        string answer, string reason)
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Post);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Until("hi");
            await instance.Send(answer);
            instance.EndSending();
            (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
            (await instance.ToBreak()).ShouldBeEmpty();
        }

        PrometheusText.Of(new Counters(rig.Sites).Read())
            .ShouldContain($"slipway_gateway_bad_answers_total{{reason=\"{reason}\"}} 1\n");
        await client.Send(Get);
        using var another = await rig.Backend.Accept();
        await another.Head();
        await another.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_broken_off()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            await client.Head();
            (await client.Exactly(5)).ShouldBe("hello");
        }

        (await client.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_head_larger_than_any_becomes_502()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Post);
        using var instance = await rig.Backend.Accept();
        await instance.Until("hi");
        await instance.Send($"HTTP/1.1 200 OK\r\nX: {new string('x', 40_000)}\r\n\r\n");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 502 ");
    }

    [Fact]
    public async Task A_large_head_passes()
    {
        await using var rig = new Rig();
        var large = new string('x', 30_000);
        using var client = await rig.Connect($"GET / HTTP/1.1\r\nHost: a\r\nCookie: {large}\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain(large);
        await instance.Send($"HTTP/1.1 200 OK\r\nX: {large}\r\nContent-Length: 2\r\n\r\nok");
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_in_time_becomes_504()
    {
        await using var rig = new Rig(WireLimits.Default with { FirstByte = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
        (await instance.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exchange_that_takes_too_long_as_a_whole_is_cut()
    {
        await using var rig = new Rig(WireLimits.Default with { Total = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task A_head_that_does_not_come_in_time_becomes_408()
    {
        await using var rig = new Rig(WireLimits.Default with { HeadTime = Short });
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHo");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_request_is_told_why_and_counted()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n" +
            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.Answer();
        head.ShouldStartWith("HTTP/1.1 400 Bad Request\r\n");
        head.ShouldContain("\r\nConnection: close\r\n");
        body.ShouldContain("length and coding");
        (await client.ToEnd()).ShouldBeEmpty();
        rig.Plane.Refused(Refusal.LengthAndCoding).ShouldBe(1);
        PrometheusText.Of(new Counters(rig.Sites).Read())
            .ShouldContain("slipway_gateway_refused_total{reason=\"length and coding\"} 1\n");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET /a HTTP/1.1\r\nHost: b\r\nHost: c\r\n\r\n", "/a", "repeated host")]
    [InlineData("POST /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "/a", "bad chunk")]
    [InlineData("nonsense\r\n\r\n", "/", "bad request line")]
    public async Task A_refused_request_is_in_the_access_log(string request, string path, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("access.log");
        await using (var rig = new Rig())
        await using (new AccessLog(rig.Sites, file))
        {
            using var client = await rig.Connect(request);
            (await client.ToEnd()).ShouldStartWith("HTTP/1.1 400 ");
        }

        var line = JsonDocument.Parse(File.ReadAllLines(file).Single()).RootElement;
        line.GetProperty("client").GetString().ShouldBe("127.0.0.1");
        line.GetProperty("path").GetString().ShouldBe(path);
        line.GetProperty("status").GetInt32().ShouldBe(400);
        line.GetProperty("refused").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task What_comes_before_a_refused_request_is_still_answered()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get + "nonsense\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 400 ");
        (await client.ToEnd()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so()
    {
        await using var rig = new Rig(WireLimits.Default with { Connections = 1 });
        using var first = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        using var second = await rig.Connect();
        var answer = await second.ToEnd();
        answer.ShouldStartWith("HTTP/1.1 503 ");
        answer.ShouldContain("\r\nRetry-After: 1\r\n");
        await instance.Send(Ok);
        (await first.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_request_with_it()
    {
        await using var rig = new Rig();
        var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        client.Reset();
        (await instance.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_leaves_in_its_body_takes_its_request_with_it()
    {
        await using var rig = new Rig();
        using var instance = await Leave(rig);
        (await instance.ToBreak()).ShouldBeEmpty();

        static async Task<Peer> Leave(Rig rig)
        {
            using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            var instance = await rig.Backend.Accept();
            await instance.Until("hel");
            return instance;
        }
    }

    [Fact]
    public async Task A_client_that_has_only_stopped_speaking_gets_its_answer()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        client.EndSending();
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.ToEnd()).ShouldEndWith("\r\n\r\nok");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")]
    public async Task A_client_that_speaks_no_more_is_not_kept_for_ever_where_nothing_comes_for_it(string answer)
    {
        await using var rig = new Rig(WireLimits.Default with { HalfClosed = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(answer);
        if (answer.Length > 0) await client.Until("data: 1\n\n");
        client.EndSending();
        (await instance.ToBreak()).ShouldBeEmpty();
        (await client.ToBreak()).ShouldBeEmpty();
        var fleet = new Counters(rig.Sites).Read().Sites.Single().Fleets.Single();
        (fleet.User.Requests, fleet.User.Errors, fleet.UnderWay).ShouldBe((1, 0, 0));
    }
}
