using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Specification;

namespace Slipway.Gateway.Forwarding;

/// <summary>A service says for itself how long its requests may take.</summary>
public sealed class PatienceTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200), Long = TimeSpan.FromMinutes(5);

    /// <summary>The gateway itself would wait far longer than the test does.</summary>
    static Rig With(TimeoutsSpec timeouts) => new(
        WireLimits.Default with { FirstByte = Long, BodyIdle = Long, SlowGrace = Short },
        options: new SiteOptions { Timeouts = timeouts, Http2 = Http2Use.Always });

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
        var fleet = new Counters(rig.Sites).Read().Sites.Single().Fleets.Single();
        (fleet.User.Requests, fleet.User.TimedOut).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task A_client_that_takes_nothing_for_so_long_is_given_up(Form form)
    {
        await using var rig = With(new() { Answer = Long, Idle = Short });
        using var answer = await LargeAnswer.Begin(rig, form);
        await answer.ShouldBeGivenUp();
    }

    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task A_client_may_pause_for_as_long_as_the_service_says(Form form)
    {
        await using var rig = new Rig(
            WireLimits.Default with { BodyIdle = Short, SlowGrace = Short, HeadTime = 3 * Short },
            options: new SiteOptions { Timeouts = new() { Idle = Long }, Http2 = Http2Use.Always });
        using var answer = await LargeAnswer.Begin(rig, form);
        await rig.TimeHasPassed();
        await answer.ReadToEnd();
    }

    [Theory]
    [InlineData(Form.Length)]
    [InlineData(Form.Chunked)]
    [InlineData(Form.Http2)]
    public async Task A_client_that_reads_for_longer_than_the_whole_may_take_is_cut_off(Form form)
    {
        await using var rig = With(new() { Answer = Long, Idle = Long, Total = TimeSpan.FromSeconds(2) });
        using var answer = await LargeAnswer.Begin(rig, form);
        await answer.ShouldBeGivenUp();
        CountStats counts;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((counts = new Counters(rig.Sites).Read().Sites.Single().Fleets.Single().User).Requests == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        // It was the client who took so long.
        counts.Errors.ShouldBe(0);
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
