using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

public sealed class TunnelTests
{
    const string Upgrade = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    const string Switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /// <summary>A frame of text from the instance, and its beginning.</summary>
    const string Frame = "\x81\x05hello";
    static readonly string Going = "\x88\x02\x03\xE9";

    [Fact]
    public async Task Both_directions_go_on_as_they_come()
    {
        await using var rig = new Rig();
        var (client, instance) = await Open(rig, "early");
        (await instance.Exactly(5)).ShouldBe("early");
        await client.Send("to the instance");
        (await instance.Exactly(15)).ShouldBe("to the instance");
        await instance.Send("to the client");
        (await client.Exactly(13)).ShouldBe("to the client");

        client.EndSending();
        (await instance.ToEnd()).ShouldBeEmpty();
        await instance.Send("last");
        instance.EndSending();
        (await client.ToEnd()).ShouldBe("last");
        client.Dispose();
        instance.Dispose();
    }

    [Fact]
    public async Task An_upgrade_that_is_refused_is_an_answer_like_others()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Upgrade);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
        await instance.Send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        (await client.Answer()).Body.ShouldBe("no");
        await client.Send(Upgrade);
        await instance.Head();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\nhi")]
    public async Task What_would_be_understood_in_two_ways_is_no_upgrade(string request)
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(request);
        using var instance = await rig.Backend.Accept();
        var head = await instance.Head();
        head.ShouldNotContain("\r\nUpgrade:");
        head.ShouldNotContain("HTTP2-Settings");
    }

    [Fact]
    public async Task When_one_side_breaks_the_other_hears_of_it()
    {
        await using var rig = new Rig();
        var (client, instance) = await Open(rig);
        client.Reset();
        (await instance.ToBreak()).ShouldBeEmpty();
        instance.Dispose();
    }

    [Fact]
    public async Task At_the_end_of_a_drain_a_web_socket_is_told_so_on_both_sides()
    {
        await using var rig = new Rig(options: new SiteOptions { Drain = TimeSpan.FromMilliseconds(200) });
        var (client, instance) = await Open(rig);
        await instance.Send(Frame);
        (await client.Exactly(7)).ShouldBe(Frame);
        rig.TellNobody();
        (await client.ToEnd()).ShouldBe(Going);
        var told = await instance.ToBreak();
        told[..2].ShouldBe("\x88\x82");
        (told[2] ^ told[6], told[3] ^ told[7]).ShouldBe((0x03, 0xE9));
        client.Dispose();
        instance.Dispose();
    }

    [Fact]
    public async Task In_the_middle_of_a_frame_nothing_is_said()
    {
        await using var rig = new Rig(options: new SiteOptions { Drain = TimeSpan.FromMilliseconds(200) });
        var (client, instance) = await Open(rig);
        await instance.Send(Frame[..4]);
        (await client.Exactly(4)).ShouldBe(Frame[..4]);
        rig.TellNobody();
        (await client.ToBreak()).ShouldBeEmpty();
        client.Dispose();
        instance.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(70_000)]
    public void A_frame_ends_where_its_length_says(int length)
    {
        foreach (var masked in (bool[])[false, true])
        {
            byte[] size = length < 126 ? [(byte)length]
                : length < 65536 ? [126, (byte)(length >> 8), (byte)length]
                : [127, 0, 0, 0, 0, 0, (byte)(length >> 16), (byte)(length >> 8), (byte)length];
            if (masked) size[0] |= 0x80;
            byte[] frame = [0x81, .. size, .. new byte[masked ? 4 : 0], .. new byte[length]];
            byte[] two = [.. frame, .. frame];
            var reader = new FrameReader();
            for (var i = 0; i < two.Length; i++)
            {
                reader.IsBetween.ShouldBe(i % frame.Length == 0);
                reader.Take(two.AsSpan(i, 1));
            }

            reader.IsBetween.ShouldBeTrue();
            reader.Take(two);
            reader.IsBetween.ShouldBeTrue();
        }
    }

    static async Task<(Peer Client, Peer Instance)> Open(Rig rig, string early = "")
    {
        var client = await rig.Connect(Upgrade + early);
        var instance = await rig.Backend.Accept();
        await instance.Head();
        await instance.Send(Switched);
        (await client.Head()).ShouldBe(Switched);
        return (client, instance);
    }
}
