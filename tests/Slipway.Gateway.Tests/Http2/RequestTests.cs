using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>What of a request is passed on, and what is not (RFC 9113, 8).</summary>
public sealed class RequestTests
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    /// <summary>Fields, one behind the other, each "name=value"; what stands before "|" replaces the usual.</summary>
    public static TheoryData<string, Breach> Malformed => new()
    {
        { ":method=GET,:scheme=http", Breach.BadPseudoField }, // 8.3.1: no path
        { ":method=GET,:path=/", Breach.BadPseudoField }, // no scheme
        { ":scheme=http,:path=/", Breach.BadPseudoField }, // no method
        { ":method=GET,:scheme=http,:path=", Breach.BadPseudoField }, // an empty path
        { ":method=GET,:scheme=http,:path=a", Breach.BadPseudoField }, // no path of a site
        { ":method=GET,:scheme=http,:path=http://b/", Breach.BadPseudoField }, // an absolute target
        { ":method=GET,:scheme=ftp,:path=/", Breach.BadPseudoField },
        { ":method=G T,:scheme=http,:path=/", Breach.BadPseudoField },
        { ":method=GET,:scheme=http,:path=/ HTTP/1.1\r\nx: y", Breach.BadPseudoField },
        { ":method=GET,:scheme=http,:path=/a b", Breach.BadPseudoField },
        { ":method=GET,:method=GET,:scheme=http,:path=/", Breach.BadPseudoField }, // 8.3: twice
        { ":method=GET,:scheme=http,:path=/,:path=/", Breach.BadPseudoField },
        { ":method=GET,:scheme=http,:path=/,:protocol=websocket", Breach.BadPseudoField }, // RFC 8441 is not offered
        { ":method=GET,:scheme=http,:path=/,:status=200", Breach.BadPseudoField }, // of answers
        { ":method=GET,:scheme=http,:path=/,a=b,:authority=a", Breach.BadPseudoField }, // 8.3: behind a field
        { ":method=GET,:scheme=http,:path=/,X-Y=z", Breach.BadFieldName }, // 8.2.1: a capital letter
        { ":method=GET,:scheme=http,:path=/,x y=z", Breach.BadFieldName },
        { ":method=GET,:scheme=http,:path=/,x\r\ny=z", Breach.BadFieldName },
        { ":method=GET,:scheme=http,:path=/,x:=z", Breach.BadFieldName },
        { ":method=GET,:scheme=http,:path=/,=z", Breach.BadFieldName },
        { ":method=GET,:scheme=http,:path=/,x=a\r\nb: c", Breach.BadFieldValue },
        { ":method=GET,:scheme=http,:path=/,x=a\nb", Breach.BadFieldValue },
        { ":method=GET,:scheme=http,:path=/,x=a\0b", Breach.BadFieldValue },
        { ":method=GET,:scheme=http,:path=/,x= a", Breach.BadFieldValue }, // 8.2.1: space at an end
        { ":method=GET,:scheme=http,:path=/,x=a\t", Breach.BadFieldValue },
        { ":method=GET,:scheme=http,:path=/,connection=close", Breach.ConnectionField }, // 8.2.2
        { ":method=GET,:scheme=http,:path=/,keep-alive=5", Breach.ConnectionField },
        { ":method=GET,:scheme=http,:path=/,proxy-connection=close", Breach.ConnectionField },
        { ":method=GET,:scheme=http,:path=/,transfer-encoding=chunked", Breach.ConnectionField },
        { ":method=GET,:scheme=http,:path=/,upgrade=websocket", Breach.ConnectionField },
        { ":method=GET,:scheme=http,:path=/,te=gzip", Breach.ConnectionField },
        { ":method=GET,:scheme=http,:path=/,:authority=a,host=b", Breach.HostDiffers }, // 8.3.1
        { ":method=GET,:scheme=http,:path=/,host=a,host=a", Breach.HostDiffers },
        { ":method=GET,:scheme=http,:path=/,host=a,content-length=a", Breach.BadContentLength },
        { ":method=GET,:scheme=http,:path=/,host=a,content-length=0,content-length=0", Breach.BadContentLength },
        { ":method=GET,:scheme=http,:path=/,host=a,content-length=5", Breach.LengthDiffers }, // 8.1.1: and no body
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_request_ends_its_stream_and_reaches_nobody(string fields, Breach breach)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: true, [.. fields.Split(',').Select(field =>
            (field[..field.IndexOf('=')], field[(field.IndexOf('=') + 1)..]))]);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Protocol);
        rig.Plane.Broken(breach).ShouldBe(1);
        rig.Backend.HasPending.ShouldBeFalse();
        await client.Ask(3);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldStartWith("GET / ");
    }

    [Fact]
    public async Task What_http_1_1_refuses_is_refused_in_the_same_words()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        var id = -1;
        foreach (var (path, authority, status, refusal) in new (string, string, int, Refusal)[]
        {
            ("/a%0", "a", 400, Refusal.BadTarget), ("/a#b", "a", 400, Refusal.BadTarget),
            ("*", "a", 400, Refusal.BadTarget), ("/", "user@a", 400, Refusal.BadHost),
            ("/" + new string('a', 20_000), "a", 414, Refusal.TargetTooLong),
        })
        {
            await client.Ask(id += 2, true, [(":path", path), (":method", "GET"), (":scheme", "http"),
                (":authority", authority)]);
            var (frame, fields) = await client.HearHead();
            frame.Strand.ShouldBe(id);
            fields.ShouldContain($":status: {status}\n");
            (await client.HearWord()).EndsStream.ShouldBeTrue();
            rig.Plane.Refused(refusal).ShouldBeGreaterThan(0);
        }

        await client.Ask(id += 2, true, [(":path", "/"), (":method", "GET"), (":scheme", "http")]);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 400\n");
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task Connect_and_too_many_fields_are_answered_at_once()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, [(":method", "CONNECT"), (":authority", "a:1")]);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 501\n");
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        (await client.HearWord()).ShouldEnd(1, ErrorCode.None);
        await client.Ask(3, true, "GET", [.. Enumerable.Range(0, 300).Select(i => ($"x{i}", new string('y', 100)))]);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 431\n");
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        rig.Plane.Refused(Refusal.HeadTooLarge).ShouldBe(1);
        await client.Ask(5, true, "GET", [.. Enumerable.Range(0, 110).Select(i => ($"x{i}", "y"))]);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 431\n");
        rig.Plane.Refused(Refusal.TooManyFields).ShouldBe(1);
    }

    [Fact]
    public async Task Fields_come_to_the_instance_as_they_were_said()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, true, [(":path", "/p?q"), (":scheme", "http"), (":authority", "shop:1"), (":method", "PUT"),
            ("cookie", "a=b"), ("x-y", "z"), ("te", "trailers"), ("cookie", "c=d"), ("host", "SHOP:1"), ("e", "")]);
        using var instance = await rig.Backend.Accept();
        var head = await instance.Head();
        head.ShouldStartWith("PUT /p?q HTTP/1.1\r\nHost: shop:1\r\n");
        head.ShouldContain("\r\nx-y: z\r\n");
        head.ShouldContain("\r\ne: \r\n");
        head.ShouldContain("\r\ncookie: a=b; c=d\r\n");
        head.ShouldContain("\r\nContent-Length: 0\r\n");
        head.ShouldContain("\r\nConnection: TE\r\nTE: trailers\r\n");
        head.Split("SHOP").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_without_a_length_is_chunked_and_brings_its_trailers()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nTransfer-Encoding: chunked\r\n");
        await client.Data(1, "hello");
        (await instance.Exactly(10)).ShouldBe("5\r\nhello\r\n");
        await client.Say(FrameKind.Data, Flags.Padded, 1, [2, .. "abc"u8, 0, 0]);
        (await instance.Exactly(8)).ShouldBe("3\r\nabc\r\n");
        await client.Ask(1, ends: true, [("x-sum", "7")]);
        (await instance.Exactly(15)).ShouldBe("0\r\nx-sum: 7\r\n\r\n");
        await instance.Send(Ok);
        (await client.HearHead()).Fields.ShouldBe(":status: 200\ncontent-length: 2\n");
    }

    [Theory]
    [InlineData(":path", "/", Breach.BadPseudoField)]
    [InlineData("X", "y", Breach.BadFieldName)]
    [InlineData("x", "a\nb", Breach.BadFieldValue)]
    public async Task Bad_trailers_end_the_stream(string name, string value, Breach breach)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await client.Ask(1, ends: true, [(name, value)]);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Protocol);
        rig.Plane.Broken(breach).ShouldBe(1);
        (await instance.ToBreak()).ShouldNotContain("0\r\n\r\n");
    }

    [Fact]
    public async Task Trailers_have_to_end_the_stream()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        await client.Ask(1, ends: false, [("x", "y")]);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Protocol);
        rig.Plane.Broken(Breach.BadTrailers).ShouldBe(1);
    }

    [Theory]
    [InlineData("hello!", false)]
    [InlineData("hell", true)]
    public async Task A_body_that_is_not_as_long_as_was_said_never_becomes_whole(string body, bool ends)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST", ("content-length", "5"));
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nContent-Length: 5\r\n");
        await client.Data(1, body, ends);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Protocol);
        rig.Plane.Broken(Breach.LengthDiffers).ShouldBe(1);
        (await instance.ToBreak()).Length.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Clear_text_turns_to_http_2_only_where_that_is_asked_for()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Speaker.Preface);
        (await client.ToEnd()).ShouldStartWith("HTTP/1.1 505 ");
        rig.Plane.Refused(Refusal.VersionNotSupported).ShouldBe(1);
    }

    [Fact]
    public async Task A_door_that_takes_http_2_takes_http_1_1_too()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
        await client.Send(Speaker.Preface);
        (await client.ToEnd()).ShouldStartWith("HTTP/1.1 505 ");
    }

    [Fact]
    public async Task The_preface_and_frames_may_come_byte_by_byte()
    {
        await using var rig = new Rig(options: Clear);
        using var client = new Speaker(await rig.Connect());
        byte[] head = [.. System.Text.Encoding.ASCII.GetBytes(Speaker.Preface),
            .. Speaker.FrameOf(FrameKind.Settings, 0, 0, []),
            .. Speaker.FrameOf(FrameKind.Headers, Flags.EndHeaders | Flags.Padded, 1, [1,
                .. Speaker.Block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "a")), 0])];
        foreach (var one in head) await client.Send(new[] { one });
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldStartWith("POST / ");
        foreach (var one in Speaker.FrameOf(FrameKind.Data, Flags.EndStream | Flags.Padded, 1, [3, .. "hi"u8, 0, 0, 0]))
            await client.Send(new[] { one });
        (await instance.Until("0\r\n\r\n")).ShouldEndWith("i\r\n0\r\n\r\n");
    }
}
