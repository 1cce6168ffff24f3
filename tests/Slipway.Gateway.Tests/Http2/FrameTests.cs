using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>Frames that may not be, each with the section that says so.</summary>
public sealed class FrameTests
{
    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    /// <summary>Kind, flags, stream, payload as hexadecimal digits; what comes of it.</summary>
    public static TheoryData<int, int, int, string, int, Breach> Fatal => new()
    {
        { 0, 0, 0, "61", 1, Breach.BadStream }, // 6.1: data without a stream
        { 0, 0, 5, "61", 1, Breach.BadStream }, // 5.1: data of an idle stream
        { 0, 8, 1, "05616263", 1, Breach.BadPadding }, // 6.1: more padding than there is
        { 0, 8, 1, "", 6, Breach.BadFrameSize }, // 6.1: no room for the length of the padding
        { 1, 4, 0, "82", 1, Breach.BadStream }, // 6.2: a head without a stream
        { 1, 4, 2, "82", 1, Breach.BadStream }, // 5.1.1: an even number
        { 1, 12, 3, "0582", 1, Breach.BadPadding }, // 6.2
        { 1, 36, 3, "00000000", 6, Breach.BadFrameSize }, // 6.2: half a priority
        { 1, 4, 3, "ff", 9, Breach.BadCompression }, // 4.3
        { 1, 4, 3, "be", 9, Breach.BadCompression },
        { 2, 0, 0, "0000000010", 1, Breach.BadStream }, // 6.3
        { 2, 0, 9, "00000000", 6, Breach.BadFrameSize },
        { 3, 0, 0, "00000000", 1, Breach.BadStream }, // 6.4: a reset without a stream
        { 3, 0, 9, "00000000", 1, Breach.BadStream }, // 6.4: of an idle one
        { 3, 0, 1, "000000", 6, Breach.BadFrameSize },
        { 4, 1, 0, "000100000000", 6, Breach.BadFrameSize }, // 6.5: an acknowledgement with something in it
        { 4, 0, 1, "", 1, Breach.BadStream },
        { 4, 0, 0, "0001", 6, Breach.BadFrameSize },
        { 4, 0, 0, "000200000002", 1, Breach.BadSetting }, // 6.5.2: push is yes or no
        { 4, 0, 0, "000480000000", 3, Breach.WindowOverflow },
        { 4, 0, 0, "000500000400", 1, Breach.BadSetting }, // frames smaller than everybody takes
        { 4, 0, 0, "000501000000", 1, Breach.BadSetting },
        { 5, 4, 1, "0000000282", 1, Breach.UnexpectedFrame }, // 8.4: clients push nothing
        { 6, 0, 1, "0000000000000000", 1, Breach.BadStream }, // 6.7
        { 6, 0, 0, "00000000000000", 6, Breach.BadFrameSize },
        { 7, 0, 1, "0000000000000000", 1, Breach.BadStream }, // 6.8
        { 7, 0, 0, "00000000", 6, Breach.BadFrameSize },
        { 8, 0, 0, "000000", 6, Breach.BadFrameSize }, // 6.9
        { 8, 0, 0, "00000000", 1, Breach.BadWindow },
        { 8, 0, 9, "00000001", 1, Breach.BadStream },
        { 8, 0, 0, "7fffffff", 3, Breach.WindowOverflow }, // 6.9.1
        { 9, 4, 1, "82", 1, Breach.UnexpectedFrame }, // 6.10: a continuation of nothing
    };

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task Ends_the_connection(int kind, int flags, int strand, string payload, int code, Breach breach)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        await client.Say((FrameKind)kind, (byte)flags, strand, Convert.FromHexString(payload));
        (await client.HearGoodbye()).ShouldEndAll((ErrorCode)code);
        rig.Plane.Broken(breach).ShouldBe(1);
        await client.ToBreak();
    }

    [Theory]
    [InlineData(8, 1, "00000000", 1, Breach.BadWindow)] // 6.9
    [InlineData(8, 1, "7fffffff", 3, Breach.WindowOverflow)] // 6.9.1
    [InlineData(2, 1, "00000000", 6, Breach.BadFrameSize)] // 6.3
    public async Task Ends_one_stream(int kind, int strand, string payload, int code, Breach breach)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        await client.Say((FrameKind)kind, 0, strand, Convert.FromHexString(payload));
        (await client.HearWord()).ShouldEnd(1, (ErrorCode)code);
        rig.Plane.Broken(breach).ShouldBe(1);
        await AsksAgain(client, 3);
    }

    [Fact]
    public async Task Data_behind_the_end_end_the_stream()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        await client.Data(1, "x");
        (await client.HearWord()).ShouldEnd(1, ErrorCode.StreamClosed);
        await client.Data(1, "y");
        await client.Ask(3);
        await client.Ask(3);
        (await client.HearWord()).ShouldEnd(3, ErrorCode.StreamClosed);
        await AsksAgain(client, 5);
    }

    [Fact]
    public async Task A_stream_that_is_over_does_not_begin_anew()
    {
        await using var rig = new Rig(options: Clear);
        rig.TellNobody();
        rig.Route(RouteTable.Closed);
        using var client = await Speaker.To(rig);
        await client.Ask(3);
        await client.HearHead();
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        await client.Ask(1);
        (await client.HearWord()).ShouldEndAll(ErrorCode.StreamClosed);
    }

    [Theory]
    [InlineData("GET / HTTP/2\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    public async Task What_begins_otherwise_is_not_http_2(string preface)
    {
        await using var rig = new Rig(options: Clear);
        using var client = await rig.Connect(preface);
        await client.ToEnd();
        (rig.Plane.Broken(Breach.BadPreface) + rig.Plane.Refused(Refusal.BadVersion)).ShouldBe(1);
    }

    [Fact]
    public async Task Settings_come_first()
    {
        await using var rig = new Rig(options: Clear);
        using var client = new Speaker(await rig.Connect());
        await client.Send(Speaker.Preface);
        await client.Ask(1);
        await client.HearWord();
        (await client.HearWord()).ShouldEndAll(ErrorCode.Protocol);
        rig.Plane.Broken(Breach.BadPreface).ShouldBe(1);
    }

    [Fact]
    public async Task A_frame_larger_than_agreed_ends_the_connection()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Say(FrameKind.Ping, 0, 0, new byte[Frame.LengthMax + 1]);
        (await client.HearWord()).ShouldEndAll(ErrorCode.FrameSize);
        rig.Plane.Broken(Breach.FrameTooLarge).ShouldBe(1);
    }

    [Fact]
    public async Task A_head_may_come_in_pieces_and_nothing_in_between()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        var block = Speaker.Block((":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a"));
        await client.Say(FrameKind.Headers, Flags.EndStream | Flags.HasPriority, 1, [0, 0, 0, 0, 9, .. block[..5]]);
        await client.Say(FrameKind.Continuation, 0, 1, block[5..7]);
        await client.Say(FrameKind.Continuation, Flags.EndHeaders, 1, block[7..]);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await client.Say(FrameKind.Headers, Flags.EndStream, 3, block[..5]);
        await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
        (await client.HearWord()).ShouldEndAll(ErrorCode.Protocol);
        rig.Plane.Broken(Breach.UnexpectedFrame).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_known_is_passed_over()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig, ((Setting)0x4242, 7));
        await client.Say((FrameKind)0x42, 0xFF, 77, 1, 2, 3);
        await client.Say(FrameKind.Priority, 0, 99, 0, 0, 0, 0, 1);
        await client.Say(FrameKind.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        var pong = await client.HearWord();
        (pong.Kind, pong.Flags).ShouldBe((FrameKind.Ping, Flags.Acknowledges));
        pong.Payload.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        await AsksAgain(client, 1);
    }

    [Fact]
    public async Task Any_frames_are_answered_or_refused_without_an_error_of_the_gateway()
    {
        var random = new Random(20);
        await using var rig = new Rig(
            WireLimits.Default with
            {
                HeadTime = TimeSpan.FromMilliseconds(200),
                Linger = TimeSpan.FromMilliseconds(50),
            },
            options: Clear);
        rig.Route(RouteTable.Closed);
        for (var round = 0; round < 300; round++)
        {
            using var client = await Speaker.To(rig);
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 12)).SelectMany(_ => Random(random))];
            await client.Send(bytes);
            await client.Say(FrameKind.Data, 0, 0, 1);
            await client.ToBreak();
        }

        rig.Plane.Tallies.Sum(tally => tally.Faults).ShouldBe(0);
    }

    static byte[] Random(Random random)
    {
        var payload = new byte[random.Next(3) switch { 0 => random.Next(12), 1 => 4, _ => random.Next(200) }];
        random.NextBytes(payload);
        if (random.Next(3) == 0)
            payload = Speaker.Block((":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a"));
        var frame = Speaker.FrameOf((FrameKind)random.Next(11), (byte)random.Next(64), random.Next(10), payload);
        if (random.Next(8) == 0) frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
        return frame;
    }

    static async Task AsksAgain(Speaker client, int strand)
    {
        await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Ping);
        await client.Ask(strand, true, [(":method", "GET"), (":scheme", "http"), (":path", "/%"), (":authority", "a")]);
        (await client.HearHead()).Frame.Strand.ShouldBe(strand);
    }
}
