using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// One end of a connection, byte by byte: a client, or an instance. Nothing waits for longer than a test may.
/// </summary>
sealed class Peer(Socket socket, Stream stream) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _patience = new(Patience);
    byte[] _ahead = [];

    public Peer(Socket socket) : this(socket, new NetworkStream(socket)) { }

    public static async Task<Peer> To(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }

    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, _patience.Token);

    /// <summary>Up to and with these characters.</summary>
    public async Task<string> Until(string end)
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString(_ahead);
            var at = text.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0) return await Exactly(at + end.Length);
            if (!await More()) throw new IOException($"The connection ended; until then came: {text}");
        }
    }

    public Task<string> Head() => Until("\r\n\r\n");

    public async Task<string> Exactly(int count)
    {
        while (_ahead.Length < count)
            if (!await More())
                throw new IOException($"The connection ended; until then came: {Encoding.Latin1.GetString(_ahead)}");
        var text = Encoding.Latin1.GetString(_ahead, 0, count);
        _ahead = _ahead[count..];
        return text;
    }

    /// <summary>What is there, at least one byte of it.</summary>
    public async Task<byte[]> Some(int most)
    {
        if (_ahead.Length == 0 && !await More()) throw new IOException("The connection ended.");
        var some = _ahead[..Math.Min(most, _ahead.Length)];
        _ahead = _ahead[some.Length..];
        return some;
    }

    /// <summary>Everything until the other side has ended.</summary>
    public async Task<string> ToEnd()
    {
        while (await More()) { }
        return await Exactly(_ahead.Length);
    }

    /// <summary>The other side has broken off, with or without good order.</summary>
    public async Task<string> ToBreak()
    {
        try
        {
            return await ToEnd();
        }
        catch (IOException)
        {
            return await Exactly(_ahead.Length);
        }
    }

    /// <summary>A whole answer with a length: its head and its body.</summary>
    public async Task<(string Head, string Body)> Answer()
    {
        var head = await Head();
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? (head, "") : (head, await Exactly(int.Parse(head[(at + 16)..].Split('\r')[0])));
    }

    /// <summary>Reads nothing for as long as this is not called.</summary>
    public async Task<long> Drain(long count)
    {
        var bytes = new byte[64 * 1024];
        var sum = (long)_ahead.Length;
        _ahead = [];
        while (sum < count)
        {
            var read = await stream.ReadAsync(bytes, _patience.Token);
            if (read == 0) break;
            sum += read;
        }

        return sum;
    }

    /// <summary>The same connection from within TLS.</summary>
    public async Task<(Peer Peer, SslStream Tls)> Secure(string host, params SslApplicationProtocol[] protocols)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ApplicationProtocols = [.. protocols],
            // What it is does not matter to the connection; the tests look at it themselves.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        }, _patience.Token);
        return (new(socket, tls), tls);
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        socket.LingerState = new(true, 0);
        socket.Close();
    }

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
        _patience.Dispose();
    }

    async Task<bool> More()
    {
        var bytes = new byte[16 * 1024];
        var count = await stream.ReadAsync(bytes, _patience.Token);
        if (count > 0) _ahead = [.. _ahead, .. bytes[..count]];
        return count > 0;
    }
}
