using System.Diagnostics;
using Slipway.Gateway.Http;
using Slipway.Gateway.Telemetry;

namespace Slipway.Gateway.Forwarding;

/// <summary>Answers of which nobody knows when they end.</summary>
public sealed class StreamTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Events_come_at_once_and_may_be_far_apart()
    {
        await using var rig = new Rig(WireLimits.Default with { BodyIdle = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
        await client.Head();
        (await client.Exactly(9)).ShouldBe("data: 1\n\n");

        // Another answer that comes to a halt is over by the time that a stream of events may take for granted.
        using var other = await rig.Connect(Get);
        using var slow = await rig.Backend.Accept();
        await slow.Head();
        await slow.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        await other.Head();
        var watch = Stopwatch.StartNew();
        (await other.ToBreak()).ShouldBeEmpty();
        watch.Elapsed.ShouldBeGreaterThan(Short / 2);

        await instance.Send("data: 2\n\n");
        (await client.Exactly(9)).ShouldBe("data: 2\n\n");
    }

    [Theory]
    [InlineData("Content-Type: Text/Event-Stream; charset=utf-8\r\n", true)]
    [InlineData("Content-Type: application/x-ndjson\r\n", false)]
    [InlineData("Content-Type: text/event-streaming\r\n", false)]
    [InlineData("", false)]
    public async Task What_comes_without_a_length_may_pause(string type, bool ofEvents)
    {
        await using var rig = new Rig(WireLimits.Default with { BodyIdle = Short, HeadTime = 3 * Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send($"HTTP/1.1 200 OK\r\n{type}Transfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
        await client.Until("a\n\r\n");
        using (var late = await rig.Connect("GET")) (await late.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
        await instance.Send("2\r\nb\n\r\n0\r\n\r\n");
        await client.Until("0\r\n\r\n");
        await client.Send(Get);
        await instance.Head();
        // How long a stream of events takes is no latency.
        new Counters(rig.Sites).Read().Sites.Single().Fleets.Single().User.Latency.Total.ShouldBe(ofEvents ? 0 : 1);
    }

    [Fact]
    public async Task What_comes_without_a_length_is_not_waited_for_for_ever()
    {
        await using var rig = new Rig(WireLimits.Default with { TunnelIdle = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
        await client.Until("a\n\r\n");
        (await client.ToBreak()).ShouldBeEmpty();
    }
}
