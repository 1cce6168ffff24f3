using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Transport;

public sealed class ListenerTests
{
    [Fact]
    public async Task What_it_accepts_notices_that_the_other_machine_has_vanished()
    {
        var listener = Listener.Bind(IPAddress.Loopback, 0);
        using var owned = new Socket(new SafeSocketHandle(listener.Fd, ownsHandle: true));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port);
        using var accepted = await owned.AcceptAsync();
        ((int)accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!).ShouldBe(1);
        ((int)accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!).ShouldBe(60);
    }
}
