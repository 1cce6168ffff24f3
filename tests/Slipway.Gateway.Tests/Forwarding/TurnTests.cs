using Slipway.Gateway.Http;

namespace Slipway.Gateway.Forwarding;

/// <summary>Nobody is given up while it is another's turn.</summary>
public sealed class TurnTests
{
    const string Waiting = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>A head may take longer than what is tested: one that is too late tells that time has passed.</summary>
    static readonly WireLimits Limits = WireLimits.Default with { HeadTime = 3 * Short };

    [Fact]
    public async Task A_client_that_waits_for_permission_is_not_blamed_for_waiting()
    {
        await using var rig = new Rig(Limits with { BodyIdle = Short, SlowGrace = Short });
        using var client = await rig.Connect(Waiting);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await rig.TimeHasPassed();
        await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
        (await client.Head()).ShouldStartWith("HTTP/1.1 100 ");
        await client.Send("hi");
        await instance.Exactly(2);
        await instance.Send(Ok);
        (await client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task An_instance_that_gives_no_permission_is_blamed_for_it()
    {
        await using var rig = new Rig(Limits with { FirstByte = Short });
        using var client = await rig.Connect(Waiting);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task A_client_that_has_permission_owes_its_body()
    {
        await using var rig = new Rig(Limits with { BodyIdle = Short });
        using var client = await rig.Connect(Waiting);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 100 Continue\r\n\r\n");
        await client.Head();
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task A_client_that_takes_no_permission_owes_its_body_too()
    {
        await using var rig = new Rig(Limits with { BodyIdle = Short, FirstByte = Long });
        using var client = await rig.Connect(Waiting);
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await client.Send("h");
        await instance.Exactly(1);
        (await client.Answer()).Head.ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task Who_talks_with_an_instance_in_both_directions_may_be_silent()
    {
        await using var rig = new Rig(Limits with { SlowGrace = Short });
        using var client = await rig.Connect("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.Head();
        for (var i = 0; i < 2; i++)
        {
            await client.Send("2\r\nhi\r\n");
            await instance.Send(await instance.Exactly(7));
            (await client.Exactly(7)).ShouldBe("2\r\nhi\r\n");
            await rig.TimeHasPassed();
        }

        await client.Send("0\r\n\r\n");
        await instance.Send(await instance.Exactly(5));
        (await client.Exactly(5)).ShouldBe("0\r\n\r\n");
    }

    [Fact]
    public async Task A_client_that_reads_slowly_costs_the_instance_no_time()
    {
        const int Piece = 15_000_000, Length = 5 * Piece;
        var second = TimeSpan.FromSeconds(1);
        await using var rig = new Rig(Limits with { HeadTime = second, FirstByte = 3 * second, BodyIdle = 3 * second });
        using var client = await rig.Connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
        await client.Head();
        var sent = instance.Send(new byte[Length]);
        var read = 0L;
        for (var i = 0; i < 4; i++)
        {
            read += await client.Drain(Piece);
            await rig.TimeHasPassed();
        }

        (read + await client.Drain(Length - read)).ShouldBe(Length);
        await sent;
    }
}
