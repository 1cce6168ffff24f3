using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Forwarding;

/// <summary>An instance whose every connection a test plays by hand.</summary>
sealed class Backend : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Backend()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public async Task<Peer> Accept()
    {
        using var patience = new CancellationTokenSource(Patience);
        var socket = await _listener.AcceptSocketAsync(patience.Token);
        socket.NoDelay = true;
        return new(socket);
    }

    /// <summary>Nobody has come so far who was not accepted.</summary>
    public bool HasPending => _listener.Pending();

    public void Dispose() => _listener.Dispose();
}
