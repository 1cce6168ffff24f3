using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>What becomes of an instance's answer.</summary>
public sealed class AnswerTests
{
    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    [Fact]
    public async Task Fields_of_one_connection_stay_there_and_names_become_small()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 418 Short and stout\r\n" +
            "Connection: close, X-Gone\r\nX-Gone: 1\r\nKeep-Alive: 5\r\n" +
            $"Content-Type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nX-{new string('L', 200)}: " +
            $"{new string('v', 300)}\r\nContent-Length: 2\r\n\r\nhi");
        var (_, fields) = await client.HearHead();
        fields.ShouldBe($":status: 418\ncontent-type: text/plain\nset-cookie: a=b\nset-cookie: c=d\n" +
            $"x-{new string('l', 200)}: {new string('v', 300)}\ncontent-length: 2\n");
        var data = await client.HearWord();
        (data.Text, data.EndsStream).ShouldBe(("hi", true));
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_without_a_body_ends_with_its_head(string method, string answer)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client, method);
        await instance.Send(answer);
        (await client.HearHead()).Frame.EndsStream.ShouldBeTrue();
    }

    [Fact]
    public async Task Chunks_become_data_and_trailers_follow()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client);
        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n");
        (await client.HearHead()).Fields.ShouldBe(":status: 200\n");
        (await client.HearWord()).Text.ShouldBe("hello!");
        await instance.Send("A\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n");
        (await client.HearWord()).Text.ShouldBe("0123456789");
        var (frame, fields) = await client.HearHead();
        (frame.EndsStream, fields).ShouldBe((true, "x-sum: 7\n"));
    }

    [Fact]
    public async Task Chunks_may_be_cut_anywhere()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client);
        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var letter in "2\r\nab\r\n00c\r\nhello, world\r\n0\r\nA: b\r\nC: d\r\n\r\n")
            await instance.Send($"{letter}");
        await client.HearHead();
        var body = "";
        Speaker.Heard heard;
        while ((heard = await client.HearWord()).Kind == FrameKind.Data) body += heard.Text;
        body.ShouldBe("abhello, world");
        (heard.EndsStream, client.Fields(heard.Payload)).ShouldBe((true, "a: b\nc: d\n"));
    }

    [Fact]
    public async Task Words_before_the_answer_come_before_it()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST", ("expect", "100-continue"));
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nexpect: 100-continue\r\n");
        await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
        (await client.HearHead()).Fields.ShouldBe(":status: 100\n");
        await client.Data(1, "hello", ends: true);
        await instance.Until("hello");
        await instance.Send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var (early, fields) = await client.HearHead();
        (early.EndsStream, fields).ShouldBe((false, ":status: 103\nlink: </a>\n"));
        (await client.HearHead()).Frame.EndsStream.ShouldBeTrue();
    }

    [Fact]
    public async Task What_ends_by_closing_ends_its_stream_and_not_the_connection()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using (var instance = await Asked(rig, client)) await instance.Send("HTTP/1.1 200 OK\r\n\r\nall of it");
        await client.HearHead();
        var data = await client.HearWord();
        data.Text.ShouldBe("all of it");
        if (!data.EndsStream) (await client.HearWord()).EndsStream.ShouldBeTrue();
        using var next = await Asked(rig, client, strand: 3);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task An_answer_that_breaks_off_is_never_taken_for_whole(string begun)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using (var instance = await Asked(rig, client)) await instance.Send(begun);
        await client.HearHead();
        var data = await client.HearWord();
        (data.Text, data.EndsStream).ShouldBe(("hello", false));
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Internal);
        using var next = await Asked(rig, client, strand: 3);
    }

    [Fact]
    public async Task A_head_larger_than_a_frame_goes_on_in_the_next()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client);
        var value = new string('v', 15_000);
        await instance.Send($"HTTP/1.1 200 OK\r\nA: {value}\r\nB: {value}\r\nContent-Length: 2\r\n\r\nok");
        var first = await client.HearWord();
        (first.Kind, first.Flags, first.Payload.Length).ShouldBe((FrameKind.Headers, (byte)0, Frame.LengthMax));
        var rest = await client.HearWord();
        (rest.Kind, rest.Flags).ShouldBe((FrameKind.Continuation, Flags.EndHeaders));
        client.Fields([.. first.Payload, .. rest.Payload])
            .ShouldBe($":status: 200\na: {value}\nb: {value}\ncontent-length: 2\n");
        (await client.HearWord()).Text.ShouldBe("ok");
    }

    [Fact]
    public async Task An_answer_before_the_whole_request_ends_both_in_good_order()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
        (await client.HearHead()).Fields.ShouldStartWith(":status: 413\n");
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        (await client.HearWord()).ShouldEnd(1, ErrorCode.None);
        await client.Data(1, "late", ends: true);
        using var next = await Asked(rig, client, strand: 3);
    }

    [Fact]
    public async Task A_table_that_the_client_changes_is_told_to_be_empty()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig, (Setting.HeaderTableSize, 0));
        using var instance = await Asked(rig, client);
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var heard = await client.HearWord();
        heard.Payload[0].ShouldBe((byte)0x20);
        client.Fields(heard.Payload).ShouldStartWith(":status: 200\n");
    }

    [Fact]
    public async Task A_reset_in_the_middle_reaches_the_instance()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client);
        await client.Say(FrameKind.Reset, 1, (int)ErrorCode.Cancel);
        (await instance.ToBreak()).ShouldBeEmpty();
        using var next = await Asked(rig, client, strand: 3);
        client.Reset();
        (await next.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_come_as_they_happen()
    {
        await using var rig = new Rig(
            WireLimits.Default with { BodyIdle = TimeSpan.FromMilliseconds(50) }, options: Clear);
        using var client = await Speaker.To(rig);
        using var instance = await Asked(rig, client);
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.HearHead();
        for (var i = 0; i < 20; i++)
        {
            await instance.Send("9\r\ndata: x\n\n\r\n");
            (await client.HearWord()).Text.ShouldBe("data: x\n\n");
        }
    }

    [Fact]
    public async Task Nobody_is_here_and_nobody_answers_are_said_on_the_stream()
    {
        await using var rig = new Rig(options: Clear with { Path = "/shop", Hold = TimeSpan.Zero });
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 404\n");
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        rig.TellNobody();
        await client.Ask(3, true, [(":method", "GET"), (":scheme", "http"), (":path", "/shop"), (":authority", "a")]);
        var (_, fields) = await client.HearHead();
        fields.ShouldStartWith(":status: 503\n");
        fields.ShouldContain("retry-after: 1\n");
    }

    static async Task<Peer> Asked(Rig rig, Speaker client, string method = "GET", int strand = 1)
    {
        await client.Ask(strand, ends: true, method);
        var instance = await rig.Backend.Accept();
        await instance.Head();
        return instance;
    }
}
