using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>Nobody gets more than he has asked for (RFC 9113, 5.2).</summary>
public sealed class WindowTests
{
    const int Size = 200_000;

    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    [Fact]
    public async Task A_stream_is_sent_what_its_window_takes()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 10));
        using var instance = await Answered(rig, client, 1);
        (await client.HearWord()).Payload.Length.ShouldBe(10);
        await client.Say(FrameKind.Window, 1, 5);
        (await client.HearWord()).Payload.Length.ShouldBe(5);
        // 6.9.2: a setting changes windows that are open, and they may become negative.
        await client.Say((Setting.InitialWindow, 0));
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Settings);
        await client.Say(FrameKind.Window, 1, 10);
        await client.Say(FrameKind.Window, 1, 7);
        (await client.HearWord()).Payload.Length.ShouldBe(7);
        await client.Say((Setting.InitialWindow, 3));
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Settings);
        (await client.HearWord()).Payload.Length.ShouldBe(3);
    }

    [Fact]
    public async Task All_streams_together_are_sent_what_the_connection_takes()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 1_000_000));
        using var first = await Answered(rig, client, 1);
        (await Bytes(client, 65_535)).Keys.ShouldBe([1]);
        // A head needs no window; data do.
        using var second = await Answered(rig, client, 3);
        await client.Say(FrameKind.Window, 0, 40_000);
        var both = await Bytes(client, 40_000);
        both.Keys.ShouldBe([1, 3], ignoreOrder: true);
        both[3].ShouldBeGreaterThan(10_000);
        await client.Say(FrameKind.Window, 0, 1_000_000);
        var rest = await Bytes(client, 2 * Size - 105_535);
        (both[1] + rest[1] + 65_535).ShouldBe(Size);
        (both[3] + rest[3]).ShouldBe(Size);
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_hinder_the_others()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 0));
        using var slow = await Answered(rig, client, 1);
        await client.Say(FrameKind.Window, 0, 1_000_000);
        using var other = await Answered(rig, client, 3);
        await client.Say(FrameKind.Window, 3, Size);
        (await Bytes(client, Size)).Keys.ShouldBe([3]);
        await client.Say(FrameKind.Window, 1, Size);
        (await Bytes(client, Size)).Keys.ShouldBe([1]);
    }

    [Fact]
    public async Task A_client_that_opens_no_window_is_given_up()
    {
        await using var rig = new Rig(
            WireLimits.Default with { BodyIdle = TimeSpan.FromMilliseconds(100) }, options: Clear);
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 0));
        using var instance = await Answered(rig, client, 1);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.Cancel);
        rig.Plane.Tallies.Sum(tally => tally.Slow).ShouldBe(1);
    }

    [Fact]
    public async Task A_client_may_send_what_the_instance_has_taken()
    {
        var limits = WireLimits.Default with { StreamWindow = 64 * 1024 };
        await using var rig = new Rig(limits, options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        var piece = new byte[16 * 1024];
        var (sent, granted) = (0, limits.StreamWindow);
        var taken = instance.Drain(20_000_000);
        while (sent < 19_000_000)
            if (sent + piece.Length <= granted)
            {
                await client.Say(FrameKind.Data, 0, 1, piece);
                sent += piece.Length;
            }
            else if (await client.Hear() is { Kind: FrameKind.Window, Strand: 1 } grant)
            {
                granted += grant.Number;
                // Never more than a window is on its way.
                (granted - sent).ShouldBeLessThanOrEqualTo(limits.StreamWindow);
            }

        client.Reset();
        (await taken).ShouldBeGreaterThan(18_000_000);
    }

    [Fact]
    public async Task Who_sends_more_than_a_window_loses_the_stream()
    {
        await using var rig = new Rig(WireLimits.Default with { StreamWindow = 70_000 }, options: Clear);
        rig.Route(new(new Target.Hold(TimeSpan.FromMinutes(1))));
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        for (var i = 0; i < 5; i++) await client.Say(FrameKind.Data, 0, 1, new byte[16_000]);
        (await client.HearWord()).ShouldEnd(1, ErrorCode.FlowControl);
        rig.Plane.Broken(Breach.WindowExceeded).ShouldBe(1);
    }

    [Fact]
    public async Task Who_sends_more_than_the_connections_window_loses_the_connection()
    {
        await using var rig = new Rig(WireLimits.Default with { TrunkWindow = 100_000 }, options: Clear);
        rig.Route(new(new Target.Hold(TimeSpan.FromMinutes(1))));
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        for (var i = 0; i < 7; i++) await client.Say(FrameKind.Data, 0, 1, new byte[16_000]);
        (await client.HearWord()).ShouldEndAll(ErrorCode.FlowControl);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_given_back_to_the_connection()
    {
        await using var rig = new Rig(WireLimits.Default with { TrunkWindow = 100_000 }, options: Clear);
        rig.Route(RouteTable.Closed);
        using var client = await Speaker.To(rig);
        for (var (id, granted) = (1, 100_000); id < 60; id += 2)
        {
            await client.Ask(id, ends: false, "POST");
            await client.Say(FrameKind.Data, 0, id, new byte[16_000]);
            granted -= 16_000;
            while (await client.Hear() is { Kind: not FrameKind.Reset } heard)
                if (heard.Kind == FrameKind.Window && heard.Strand == 0) granted += heard.Number;
            granted.ShouldBeGreaterThan(16_000);
        }
    }

    [Fact]
    public async Task What_some_streams_hold_does_not_keep_back_what_others_have_given()
    {
        await using var rig = new Rig(
            WireLimits.Default with { StreamWindow = 60_000, TrunkWindow = 100_000 }, options: Clear);
        HoldAllButPreviews(rig);
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Ping);
        for (var i = 0; i < 4; i++) await client.Say(FrameKind.Data, 0, 1, new byte[15_000]);
        await client.Ask(3, ends: false, "POST", ("slipway-preview", "r1"));
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        for (var i = 0; i < 4; i++) await client.Say(FrameKind.Data, 0, 3, new byte[10_000]);
        while (await client.Hear() is not { Kind: FrameKind.Window, Strand: 0 }) { }
    }

    [Fact]
    public async Task A_client_that_we_hold_back_is_not_blamed_for_it()
    {
        var moment = TimeSpan.FromMilliseconds(150);
        await using var rig = new Rig(
            WireLimits.Default with
            {
                StreamWindow = 60_000,
                TrunkWindow = 100_000,
                BodyIdle = moment,
                HeadTime = 3 * moment,
            },
            options: Clear);
        HoldAllButPreviews(rig);
        using var client = await Speaker.To(rig);
        foreach (var held in (int[])[1, 3])
        {
            await client.Ask(held, ends: false, "POST");
            // What comes together with a head is taken with it.
            await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
            (await client.HearWord()).Kind.ShouldBe(FrameKind.Ping);
            for (var i = 0; i < 5; i++) await client.Say(FrameKind.Data, 0, held, new byte[9_900]);
        }

        await client.Ask(5, ends: false, "POST", ("slipway-preview", "r1"));
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        using (var late = await rig.Connect("GET")) (await late.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");

        await client.Send((byte[])
        [
            .. Speaker.FrameOf(FrameKind.Reset, 0, 1, Speaker.Four((int)ErrorCode.Cancel)),
            .. Speaker.FrameOf(FrameKind.Data, Flags.EndStream, 5, "hi"u8.ToArray()),
        ]);
        (await instance.Until("0\r\n\r\n")).ShouldBe("2\r\nhi\r\n0\r\n\r\n");
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        (await client.HearHead()).Fields.ShouldStartWith(":status: 200\n");
    }

    static void HoldAllButPreviews(Rig rig)
    {
        Condition asks = new(Subject.Header, "slipway-preview", Comparison.Equal, ["r1"]);
        rig.Route(new(new Target.Hold(TimeSpan.FromMinutes(1)))
        {
            Rules = [new(Rule.PreviewName, new([asks]), Target.All(Rig.Fleet))],
        });
    }

    /// <summary>How many bytes of which stream came.</summary>
    static async Task<Dictionary<int, int>> Bytes(Speaker client, int count)
    {
        var bytes = new Dictionary<int, int>();
        for (var sum = 0; sum < count;)
        {
            var heard = await client.HearWord();
            heard.Kind.ShouldBe(FrameKind.Data);
            bytes[heard.Strand] = bytes.GetValueOrDefault(heard.Strand) + heard.Payload.Length;
            sum += heard.Payload.Length;
        }

        bytes.Values.Sum().ShouldBe(count);
        return bytes;
    }

    static async Task<Peer> Answered(Rig rig, Speaker client, int strand)
    {
        await client.Ask(strand);
        var instance = await rig.Backend.Accept();
        await instance.Head();
        // Together, so that something of the body waits when the head is heard.
        _ = instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n{new string('x', Size)}");
        (await client.HearHead()).Frame.Strand.ShouldBe(strand);
        return instance;
    }
}
