using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Gateway.Http;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Forwarding;

public sealed class AllocationTests
{
    const int Requests = 2_000;

    static readonly byte[] Get = Encoding.ASCII.GetBytes("GET /shop?id=7 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
    static readonly byte[] Ok = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    [Fact]
    public async Task A_request_on_a_warm_gateway_allocates_nothing()
    {
        await using var rig = new Rig();
        rig.Route(Rig.RouteTo() with { Affinity = new(AffinityKey.Cookie, "slipway"), Salt = "s" });
        var instance = new Thread(() => Answer(rig.Backend)) { IsBackground = true };
        instance.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, rig.Port);
        Ask(client, Requests);
        var bytes = await Allocated.By(rig.Plane.AllocatedAsync, () => Ask(client, Requests));
        bytes.ShouldBeLessThan(Requests / 2);
    }

    [Fact]
    public void Reading_heads_and_bodies_allocates_nothing()
    {
        var reader = new RequestReader(WireLimits.Default);
        var bytes = Encoding.ASCII.GetBytes("POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
            "Cookie: x=y\r\nConnection: keep-alive\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n");
        Read();
        Allocated.By(1_000, Read).ShouldBe(0);

        void Read()
        {
            reader.Begin(bytes, 0);
            if (reader.Read(bytes, bytes.Length) != Progress.Whole) throw new InvalidOperationException();
            var body = new BodyReader();
            body.Begin(reader.Head.Framing, 0, WireLimits.Default);
            body.Take(bytes.AsSpan(reader.Head.End));
            if (!body.Ended) throw new InvalidOperationException();
        }
    }

    static void Ask(Socket client, int times)
    {
        var bytes = new byte[4096];
        for (var i = 0; i < times; i++)
        {
            client.Send(Get);
            for (var text = 0; text < Ok.Length || bytes[text - 1] != (byte)'k';)
                text += client.Receive(bytes.AsSpan(text));
        }
    }

    static void Answer(Backend backend)
    {
        using var socket = backend.AcceptSocket();
        var bytes = new byte[4096];
        while (socket.Receive(bytes) > 0) socket.Send(Ok);
    }
}
