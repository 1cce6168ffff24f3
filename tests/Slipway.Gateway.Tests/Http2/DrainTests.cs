using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

/// <summary>Nothing that was begun is lost when somebody has to go.</summary>
public sealed class DrainTests
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };
    static readonly WireLimits Brief = WireLimits.Default with { LastStreams = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task What_is_under_way_ends_and_what_comes_before_the_client_knows_is_served()
    {
        await using var rig = new Rig(Brief, options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        using var first = await rig.Backend.Accept();
        await first.Head();
        var drained = rig.Plane.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        var goodbye = await client.HearWord();
        goodbye.ShouldEndAll(ErrorCode.None);
        LastOf(goodbye).ShouldBe(int.MaxValue);
        var ping = await client.HearWord();
        ping.Kind.ShouldBe(FrameKind.Ping);

        await client.Ask(3);
        using var second = await rig.Backend.Accept();
        await second.Head();
        await client.Say(FrameKind.Ping, Flags.Acknowledges, 0, ping.Payload);
        LastOf(await client.HearWord()).ShouldBe(3);
        // The client knows now; what comes all the same can be asked elsewhere.
        await client.Ask(5);
        await second.Send(Ok);
        (await client.HearHead()).Frame.Strand.ShouldBe(3);
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        await first.Send(Ok);
        (await client.HearHead()).Frame.Strand.ShouldBe(1);
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        (await client.ToBreak()).ShouldBeEmpty();
        client.Dispose();
        await drained;
        rig.Plane.Connections.ShouldBe(0);
    }

    /// <summary>A client that reads both at once forgets what the answer made it ask.</summary>
    [Fact]
    public async Task The_first_goodbye_does_not_stand_behind_an_answer_but_behind_the_next_request()
    {
        await using var rig = new Rig(WireLimits.Default with
        {
            FirstGoodbye = TimeSpan.FromMinutes(1),
            GoodbyeLook = TimeSpan.Zero,
        }, options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        await client.Ask(3);
        using var first = await rig.Backend.Accept();
        await first.Head();
        using var second = await rig.Backend.Accept();
        await second.Head();
        var drained = rig.Plane.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        await first.Send(Ok);
        await second.Send(Ok);
        for (var answer = 0; answer < 2; answer++)
        {
            await client.HearHead();
            (await client.HearWord()).EndsStream.ShouldBeTrue();
        }

        await client.Ask(5);
        await client.Ask(7);
        LastOf(await client.HearWord()).ShouldBe(int.MaxValue);
        client.Dispose();
        await drained;
    }

    [Fact]
    public async Task A_request_that_stands_behind_the_answer_to_the_last_ping_is_served()
    {
        await using var rig = new Rig(
            WireLimits.Default with { LastStreams = TimeSpan.FromMinutes(1) }, options: Clear);
        using var client = await Speaker.To(rig);
        var drained = rig.Plane.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        LastOf(await client.HearWord()).ShouldBe(int.MaxValue);
        await client.Say(FrameKind.Ping, Flags.Acknowledges, 0, (await client.HearWord()).Payload);
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.HearHead()).Frame.Strand.ShouldBe(1);
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        client.Dispose();
        await drained;
    }

    [Fact]
    public async Task An_idle_connection_ends_once_nothing_has_come_behind_its_answer()
    {
        await using var rig = new Rig(Brief, options: Clear);
        using var client = await Speaker.To(rig);
        var drained = rig.Plane.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        await client.HearWord();
        await client.Say(FrameKind.Ping, Flags.Acknowledges, 0, (await client.HearWord()).Payload);
        LastOf(await client.HearWord()).ShouldBe(0);
        (await client.ToBreak()).ShouldBeEmpty();
        client.Dispose();
        await drained;
    }

    [Fact]
    public async Task A_client_that_does_not_answer_has_its_last_call()
    {
        await using var rig = new Rig(
            WireLimits.Default with { LastCall = TimeSpan.FromMilliseconds(100) }, options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        var drained = rig.Plane.DrainAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        LastOf(await client.HearWord()).ShouldBe(int.MaxValue);
        await client.HearWord();
        LastOf(await client.HearWord()).ShouldBe(1);
        await instance.Send(Ok);
        await client.HearHead();
        (await client.HearWord()).EndsStream.ShouldBeTrue();
        (await client.ToBreak()).ShouldBeEmpty();
        client.Dispose();
        await drained;
    }

    [Fact]
    public async Task At_the_deadline_what_is_left_is_cut_off()
    {
        await using var rig = new Rig(options: Clear);
        using var client = await Speaker.To(rig);
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await rig.Plane.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        (await instance.ToBreak()).ShouldBeEmpty();
        await client.ToBreak();
        rig.Plane.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_that_is_held_goes_on_when_somebody_is_there()
    {
        await using var rig = new Rig(options: Clear);
        rig.TellNobody();
        using var client = await Speaker.To(rig);
        await client.Ask(1, ends: false, "POST");
        await client.Data(1, "hello", ends: true);
        await client.Say(FrameKind.Ping, 0, 0, new byte[8]);
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Ping);
        rig.Tell();
        using var instance = await rig.Backend.Accept();
        await instance.Until("hello");
        await instance.Send(Ok);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 200\n");
    }

    [Fact]
    public async Task Whoever_came_by_a_door_that_was_closed_is_sent_to_the_new_one_and_served_until_then()
    {
        await using var rig = new Rig(
            WireLimits.Default with { LastStreams = TimeSpan.FromMinutes(1) }, options: Clear);
        using var client = await Speaker.To(rig);
        rig.Sites.Put(Rig.Service, Clear with { Listen = "there" });
        rig.Plane.StopListening("here");
        LastOf(await client.HearWord()).ShouldBe(int.MaxValue);
        (await client.HearWord()).Kind.ShouldBe(FrameKind.Ping);
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Ok);
        (await client.HearHead()).Fields.ShouldStartWith(":status: 200\n");
    }

    static int LastOf(Speaker.Heard goodbye)
    {
        goodbye.Kind.ShouldBe(FrameKind.GoAway);
        return goodbye.Number;
    }
}
