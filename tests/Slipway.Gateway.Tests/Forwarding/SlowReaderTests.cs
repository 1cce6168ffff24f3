using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>Whoever reads slowly, or not for a while, gets all of his answer.</summary>
public sealed class SlowReaderTests
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    static readonly SiteOptions Clear = new() { Http2 = Specification.Http2Use.Always };

    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task A_pause_cuts_nothing_off(Form form)
    {
        await using var rig = new Rig(
            WireLimits.Default with { SlowGrace = Short, HeadTime = 3 * Short }, options: Clear);
        using var answer = await LargeAnswer.Begin(rig, form);
        await rig.TimeHasPassed();
        await answer.ReadToEnd();
    }

    [Fact]
    public async Task A_window_that_is_closed_for_a_while_cuts_nothing_off()
    {
        await using var rig = new Rig(
            WireLimits.Default with { SlowGrace = Short, HeadTime = 3 * Short }, options: Clear);
        using var client = await Speaker.To(rig, (Setting.InitialWindow, 2));
        await client.Ask(1);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nslowly");
        await client.HearHead();
        foreach (var ends in (bool[])[false, false, true])
        {
            var heard = await client.HearWord();
            (heard.Payload.Length, heard.EndsStream).ShouldBe((2, ends));
            await rig.TimeHasPassed();
            await client.Say(FrameKind.Window, 1, 2);
        }
    }

    /// <summary>
    /// The system says that there is room again when much of it is free: far later than the client has taken something.
    /// </summary>
    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task Whoever_takes_a_little_within_the_time_is_not_given_up(Form form)
    {
        const int Pieces = 10, Piece = 128 * 1024;
        await using var rig = new Rig(
            WireLimits.Default with { BodyIdle = TimeSpan.FromSeconds(5), HeadTime = TimeSpan.FromMilliseconds(600) },
            options: Clear);
        using var answer = await LargeAnswer.Begin(rig, form);
        for (var piece = 0; piece < Pieces; piece++)
        {
            await answer.Read(Piece);
            await rig.TimeHasPassed();
        }

        await answer.ReadToEnd();
    }
}
