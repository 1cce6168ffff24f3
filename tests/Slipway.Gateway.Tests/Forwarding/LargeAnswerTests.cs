using System.Text;

namespace Slipway.Gateway.Forwarding;

/// <summary>Answers whose bodies go from socket to socket, unseen.</summary>
public sealed class LargeAnswerTests
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const int Length = 3_000_000;

    /// <summary>More than fits into all the sockets on the way.</summary>
    const int Endless = 60_000_000;

    static string Head(int length) => $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n";

    static byte[] Whole(char letter, string behind = "", int length = Length) =>
        Encoding.Latin1.GetBytes(Head(length) + new string(letter, length) + behind);

    [Fact]
    public async Task Its_connection_serves_the_next_request()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect();
        await client.Send(Get);
        using var instance = await rig.Backend.Accept();
        for (var i = 0; i < 50; i++)
        {
            await instance.Head();
            var sent = instance.Send(Whole('x'));
            await client.Head();
            (await client.Drain(Length)).ShouldBe(Length);
            await sent;
            await client.Send(Get);
        }

        await instance.Head();
        rig.Backend.HasPending.ShouldBeFalse();
    }

    [Fact]
    public async Task What_stands_behind_it_ends_the_connection_and_reaches_nobody()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            var sent = instance.Send(Whole('x', behind: "no"));
            await client.Head();
            (await client.Drain(Length)).ShouldBe(Length);
            await sent;
            (await instance.ToBreak()).ShouldBeEmpty();
        }

        await client.Send(Get);
        using var another = await rig.Backend.Accept();
        await another.Head();
        await another.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        (await client.Answer()).Body.ShouldBe("hi");
    }

    [Fact]
    public async Task One_that_breaks_off_is_broken_off()
    {
        await using var rig = new Rig();
        using var client = await rig.Connect(Get);
        using (var instance = await rig.Backend.Accept())
        {
            await instance.Head();
            await instance.Send(Head(Length));
            await instance.Send(new byte[Length / 2]);
        }

        await client.Head();
        (await client.Drain(Length)).ShouldBe(Length / 2);
        (await client.ToBreak()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_leaves_nothing_to_the_next()
    {
        await using var rig = new Rig();
        for (var i = 0; i < 3; i++)
        {
            var client = await rig.Connect(Get);
            using var instance = await rig.Backend.Accept();
            await instance.Head();
            var sent = instance.Send(Whole('x', length: Endless));
            await client.Head();
            await client.Drain(100_000);
            client.Reset();
            await Should.ThrowAsync<IOException>(sent);
        }

        using var next = await rig.Connect(Get);
        using var last = await rig.Backend.Accept();
        await last.Head();
        var whole = last.Send(Whole('y'));
        await next.Head();
        (await next.Exactly(500_000)).ShouldAllBe(letter => letter == 'y');
        await next.Drain(Length - 500_000);
        await whole;
    }
}
