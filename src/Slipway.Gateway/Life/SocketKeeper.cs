using System.Net.Sockets;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Life;

/// <summary>
/// Holds copies of a gateway's listening sockets in another process, and never takes a connection from them. When the
/// gateway is killed they live on: whoever connects waits in their queue, and the next gateway takes them over from
/// here.
/// </summary>
public sealed class SocketKeeper : IAsyncDisposable
{
    readonly GatewayFolder _folder;
    readonly Socket _door = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource _stop = new();
    readonly Lock _gate = new();
    readonly Task _giving;
    bool _over;
    Dictionary<string, int> _held = new(StringComparer.Ordinal);

    public SocketKeeper(string folder)
    {
        _folder = new(folder);
        if (File.Exists(_folder.Kept)) File.Delete(_folder.Kept);
        _door.Bind(new UnixDomainSocketEndPoint(_folder.Kept));
        File.SetUnixFileMode(_folder.Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _door.Listen();
        _giving = Give();
    }

    /// <summary>What the gateway listens on now; what it has let go is let go here. Nothing changes when it does not
    /// answer.</summary>
    public async Task Follow(CancellationToken cancel)
    {
        if (await Succession.Copy(_folder, cancel) is not { } copies) return;
        Dictionary<string, int> before;
        lock (_gate) (before, _held) = (_held, copies);
        Close(before);
    }

    public async ValueTask DisposeAsync()
    {
        if (_over) return;
        _over = true;
        await _stop.CancelAsync();
        _door.Dispose();
        await _giving;
        Close(_held);
        if (File.Exists(_folder.Kept)) File.Delete(_folder.Kept);
        _stop.Dispose();
    }

    static void Close(Dictionary<string, int> sockets)
    {
        foreach (var descriptor in sockets.Values) Native.Close(descriptor);
    }

    async Task Give()
    {
        while (!_stop.IsCancellationRequested)
        {
            // A copy of each, since what is held may change while they are given away.
            var given = new Dictionary<string, int>(StringComparer.Ordinal);
            try
            {
                using var heir = await _door.AcceptAsync(_stop.Token);
                lock (_gate)
                    foreach (var (listen, descriptor) in _held) given[listen] = Native.Copy(descriptor);
                await Succession.Hand(heir, given, _stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
                or OperationCanceledException)
            {
                // Whoever asked has gone; the next one may ask again.
            }

            Close(given);
        }
    }
}
