using Slipway.Gateway.Http2;

namespace Slipway.Gateway.Forwarding;

/// <summary>How an answer comes: each way is one of its own through the gateway.</summary>
public enum Form { Length, Chunked, Http2 }

/// <summary>More than fits into all the sockets on the way, so that the gateway waits for its client.</summary>
sealed class LargeAnswer : IDisposable
{
    public const int Length = 100_000_000;

    static readonly byte[] Body = new byte[Length];

    long _read;

    LargeAnswer(Peer client, Peer instance, Task sent) => (Client, Instance, Sent) = (client, instance, sent);

    /// <summary>It has got something of the answer already.</summary>
    public Peer Client { get; }
    public Peer Instance { get; }

    /// <summary>Ends when the gateway has taken all of it, and fails when it wants no more.</summary>
    public Task Sent { get; }

    public static async Task<LargeAnswer> Begin(Rig rig, Form form)
    {
        var client = await rig.Connect();
        if (form == Form.Http2) await Ask(client);
        else await client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var instance = await rig.Backend.Accept();
        await instance.Head();
        var large = new LargeAnswer(client, instance, form == Form.Chunked
            ? Send(instance, $"Transfer-Encoding: chunked\r\n\r\n{Length:x}\r\n", "\r\n0\r\n\r\n")
            : Send(instance, $"Content-Length: {Length}\r\n\r\n", ""));
        await large.Read(1);
        return large;
    }

    /// <summary>So much of it, and perhaps a little more.</summary>
    public async Task Read(long count) => _read += await Client.Drain(count);

    /// <summary>There is more than the body, so its length is surely there.</summary>
    public async Task ReadToEnd()
    {
        await Read(Length - _read);
        _read.ShouldBeGreaterThanOrEqualTo(Length);
        await Sent;
    }

    /// <summary>The gateway has no use for any more of it.</summary>
    public async Task ShouldBeGivenUp() => await Should.ThrowAsync<IOException>(Sent);

    public void Dispose()
    {
        Client.Dispose();
        Instance.Dispose();
    }

    static async Task Ask(Peer client)
    {
        // No window is ever in the way of this one.
        var speaker = new Speaker(client);
        await speaker.Send(Speaker.Preface);
        await speaker.Say((Setting.InitialWindow, int.MaxValue));
        await speaker.Say(FrameKind.Window, 0, int.MaxValue - 65_535);
        await speaker.Ask(1);
    }

    static async Task Send(Peer instance, string before, string behind)
    {
        await instance.Send($"HTTP/1.1 200 OK\r\n{before}");
        await instance.Send(Body);
        await instance.Send(behind);
    }
}
