using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Gateway.Forwarding;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Http2;

public sealed class AllocationTests
{
    const int Requests = 2_000;

    static readonly byte[] Ok = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    [Fact]
    public async Task A_stream_on_a_warm_gateway_allocates_nothing()
    {
        await using var rig = new Rig(options: new() { Http2 = Http2Use.Always });
        rig.Route(Rig.RouteTo() with { Affinity = new(AffinityKey.Cookie, "slipway"), Salt = "s" });
        var instance = new Thread(() => Answer(rig.Backend)) { IsBackground = true };
        instance.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, rig.Port);
        client.Send(Encoding.ASCII.GetBytes(Speaker.Preface));
        client.Send(Speaker.FrameOf(FrameKind.Settings, 0, 0, []));
        var next = Ask(client, 1);
        var bytes = await Allocated.By(rig.Plane.AllocatedAsync, () => next = Ask(client, next));
        bytes.ShouldBeLessThan(Requests / 2);
    }

    [Fact]
    public void Reading_fields_allocates_nothing()
    {
        var table = new FieldTable(4096);
        var block = Convert.FromHexString("828684418cf1e3c2e5f23a6ba0ab90f4ff5886a8eb10649cbf");
        var known = Convert.FromHexString("828684bfbe");
        var scratch = new byte[4096];
        Read(block);
        Allocated.By(1_000, () => Read(known)).ShouldBe(0);

        void Read(byte[] bytes)
        {
            var reader = new FieldReader(table, bytes, scratch);
            while (reader.Next()) { }
            if (reader.Failed) throw new InvalidOperationException();
        }
    }

    /// <summary>The windows of the connection are large enough for all of it.</summary>
    static int Ask(Socket client, int id)
    {
        var block = Speaker.Block((":method", "GET"), (":scheme", "http"), (":path", "/shop"), (":authority", "a"));
        var request = Speaker.FrameOf(FrameKind.Headers, Flags.EndHeaders | Flags.EndStream, 1, block);
        var bytes = new byte[4096];
        for (var i = 0; i < Requests; i++, id += 2)
        {
            new Frame(block.Length, FrameKind.Headers, Flags.EndHeaders | Flags.EndStream, id).Write(request);
            client.Send(request);
            for (var text = 0; text == 0 || bytes[text - 1] != (byte)'k';) text += client.Receive(bytes.AsSpan(text));
        }

        return id;
    }

    static void Answer(Backend backend)
    {
        using var socket = backend.AcceptSocket();
        var bytes = new byte[4096];
        while (socket.Receive(bytes) > 0) socket.Send(Ok);
    }
}
