using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>Frames that are allowed one by one, and too many of them.</summary>
public sealed class FloodTests
{
    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    static readonly WireLimits Few = WireLimits.Default with
    {
        Streams = 4,
        Resets = 10,
        ResetsPerSecond = 0,
        IdleFrames = 20,
        IdleFramesPerSecond = 0,
    };

    [Fact]
    public async Task More_streams_than_allowed_are_refused_one_by_one()
    {
        await using var rig = new Rig(Few, options: Clear);
        using var client = await Speaker.To(rig);
        for (var id = 1; id <= 9; id += 2) await client.Ask(id);
        (await client.HearWord()).ShouldEnd(9, ErrorCode.Refused);
        rig.Plane.Broken(Breach.TooManyStreams).ShouldBe(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        (await client.HearHead()).Frame.EndsStream.ShouldBeTrue();
        await client.Ask(11);
        await instance.Head();
    }

    [Fact]
    public async Task Who_asks_and_takes_it_back_again_and_again_is_sent_away()
    {
        await using var rig = new Rig(Few with { Streams = 100 }, options: Clear);
        using var client = await Speaker.To(rig);
        for (var id = 1; id <= 21; id += 2)
        {
            await client.Ask(id);
            await client.Say(FrameKind.Reset, id, (int)ErrorCode.Cancel);
        }

        (await client.HearGoodbye()).ShouldEndAll(ErrorCode.Calm);
        rig.Plane.Broken(Breach.TooManyResets).ShouldBe(1);
    }

    [Fact]
    public async Task Who_makes_us_reset_again_and_again_is_sent_away()
    {
        await using var rig = new Rig(Few with { Streams = 100 }, options: Clear);
        rig.Route(new(new Slipway.Routing.Target.Hold(TimeSpan.FromMinutes(1))));
        using var client = await Speaker.To(rig);
        for (var id = 1; id <= 21; id += 2)
        {
            await client.Ask(id, ends: false);
            await client.Say(FrameKind.Window, id, 0);
        }

        for (var id = 1; id <= 21; id += 2) (await client.HearWord()).ShouldEnd(id, ErrorCode.Protocol);
        (await client.HearWord()).ShouldEndAll(ErrorCode.Calm);
    }

    /// <summary>Kind, flags, stream, payload as hexadecimal digits.</summary>
    [Theory]
    [InlineData(6, 0, 0, "0000000000000000")] // pings
    [InlineData(6, 1, 0, "0000000000000000")] // answers to pings that nobody sent
    [InlineData(4, 0, 0, "")] // settings
    [InlineData(4, 1, 0, "")]
    [InlineData(0, 0, 1, "")] // data without data
    [InlineData(0, 8, 1, "00")]
    [InlineData(2, 0, 1, "0000000000")] // priorities
    [InlineData(9, 0, 3, "")] // a head that never ends
    [InlineData(66, 0, 0, "")] // unknown frames
    public async Task Frames_that_move_nothing_have_an_end(int kind, int flags, int strand, string payload)
    {
        await using var rig = new Rig(Few, options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        if (kind == (int)FrameKind.Continuation) await client.Say(FrameKind.Headers, 0, 3, 0x82);
        for (var i = 0; i < Few.IdleFrames; i++)
            await client.Say((FrameKind)kind, (byte)flags, strand, Convert.FromHexString(payload));
        Speaker.Heard heard;
        do heard = await client.HearWord();
        while (heard.Kind is FrameKind.Ping or FrameKind.Settings);
        heard.ShouldEndAll(ErrorCode.Calm);
        rig.Plane.Broken(Breach.TooManyIdleFrames).ShouldBe(1);
    }

    [Fact]
    public async Task A_head_without_end_is_cut_off_by_its_size()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Say(FrameKind.Headers, 0, 1, new byte[16_000]);
        await client.Say(FrameKind.Continuation, 0, 1, new byte[16_000]);
        await client.Say(FrameKind.Continuation, 0, 1, new byte[16_000]);
        (await client.HearWord()).ShouldEndAll(ErrorCode.Calm);
        rig.Plane.Broken(Breach.HeadersTooLarge).ShouldBe(1);
    }

    [Fact]
    public async Task A_small_block_that_stands_for_much_is_refused_and_the_table_goes_on()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        // A field of 4,000 bytes goes to the table, and is then named three thousand times by one byte each.
        byte[] large = [0x40, 1, (byte)'x', 0x7F, 0xA1, 0x1E, .. Enumerable.Repeat((byte)'y', 4_000)];
        byte[] usual = [0x82, 0x86, 0x84, 0x41, 1, (byte)'a'];
        const byte both = Flags.EndHeaders | Flags.EndStream;
        await client.Say(FrameKind.Headers, both, 1,
            [.. usual, .. large, .. Enumerable.Repeat((byte)0xBE, 3_000)]);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 431\n");
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        await client.Say(FrameKind.Headers, both, 3, [.. usual, 0xBF]);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain($"\r\nx: {new string('y', 4_000)}\r\n");
    }

    [Fact]
    public async Task Who_lets_us_answer_and_does_not_listen_is_cut_off()
    {
        await using var rig = new Rig(WireLimits.Default with { IdleFrames = int.MaxValue / 1000 }, options: Clear);
        using var client = await Speaker.To(rig);
        byte[] pings = [.. Enumerable.Repeat(Speaker.FrameOf(FrameKind.Ping, 0, 0, new byte[8]), 1_000)
            .SelectMany(ping => ping)];
        for (var i = 0; i < 10_000 && rig.Plane.Broken(Breach.TooManyIdleFrames) == 0; i++) await client.Send(pings);
        rig.Plane.Broken(Breach.TooManyIdleFrames).ShouldBe(1);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM")]
    [InlineData(Speaker.Preface)]
    [InlineData(Speaker.Preface + "\0\0\0\x4\0\0\0\0\0\0\0")]
    public async Task What_begins_and_does_not_go_on_is_given_up(string begun)
    {
        await using var rig = new Rig(
            WireLimits.Default with { HeadTime = TimeSpan.FromMilliseconds(100) }, options: Clear);
        using var client = await rig.Connect(begun);
        await client.ToBreak();
        rig.Plane.Broken(Breach.TooSlow).ShouldBe(1);
    }

    [Fact]
    public async Task Pings_do_not_keep_an_idle_connection()
    {
        await using var rig = new Rig(
            WireLimits.Default with { KeepAlive = TimeSpan.FromMilliseconds(300), IdleFrames = 1_000_000 },
            options: Clear);
        using var client = await Speaker.To(rig);
        var heard = new Speaker.Heard(FrameKind.Ping, 0, 0, []);
        while (heard.Kind == FrameKind.Ping)
        {
            await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
            heard = await client.HearWord();
        }

        heard.ShouldEndAll(ErrorCode.None);
    }
}
