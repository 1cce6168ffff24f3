using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Forwarding;

/// <summary>A service says for itself how long its requests may take.</summary>
public sealed class PatienceTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200), Long = TimeSpan.FromMinutes(5);

    /// <summary>The gateway itself would wait far longer than the test does.</summary>
    static Rig With(TimeoutsSpec timeouts) => new(
        WireLimits.Default with { FirstByte = Long, BodyIdle = Long },
        options: new SiteOptions { Timeouts = timeouts });

    [Fact]
    public async Task An_answer_that_has_not_begun_by_then_is_a_504()
    {
        await using var rig = With(new() { Answer = Short, Idle = Long });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task A_request_that_takes_longer_as_a_whole_is_a_504()
    {
        await using var rig = With(new() { Answer = Long, Idle = Long, Total = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task A_body_in_which_nothing_moves_is_broken_off()
    {
        await using var rig = With(new() { Answer = Long, Idle = Short });
        using var client = await rig.Connect(Get);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        (await client.ToBreak()).ShouldEndWith("half");
    }
}
