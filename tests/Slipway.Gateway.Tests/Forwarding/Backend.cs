using System.Net;
using System.Net.Sockets;

namespace Slipway.Gateway.Forwarding;

/// <summary>An instance whose every connection a test plays by hand.</summary>
sealed class Backend : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TcpListener? _listener;
    readonly Task<Peer>? _next;

    public Backend()
    {
        _listener = new(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>One whose next connection is awaited already.</summary>
    public Backend(Task<Peer> next) => _next = next;

    public int Port { get; }

    /// <summary>Somebody has come who was not accepted.</summary>
    public bool HasPending => _next?.IsCompleted ?? _listener!.Pending();

    public async Task<Peer> Accept()
    {
        if (_next is not null) return await _next;
        using var patience = new CancellationTokenSource(Patience);
        var socket = await _listener!.AcceptSocketAsync(patience.Token);
        socket.NoDelay = true;
        return new(socket);
    }

    public Socket AcceptSocket() => _listener!.AcceptSocket();

    public void Dispose() => _listener?.Dispose();
}
