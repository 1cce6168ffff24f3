using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Machines.Load;

/// <summary>
/// A connection of a client that does nothing by itself: nothing is sent a second time, nothing is forgiven.
/// </summary>
public sealed class Line : IDisposable
{
    readonly Socket _socket;
    readonly CancellationToken _cancel;
    byte[] _bytes = new byte[64 * 1024];
    int _start, _end;

    Line(Socket socket, CancellationToken cancel) => (_socket, _cancel) = (socket, cancel);

    public sealed record Answer(int Status, string Head, string Body)
    {
        public bool Closes => Head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase);
    }

    public static async Task<Line> To(string listen, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(listen), cancel);
        return new(socket, cancel);
    }

    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, _cancel)..];
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Close();
    }

    /// <summary>A head, and the body that its length or its chunks say.</summary>
    public async Task<Answer> Read()
    {
        var head = await Until("\r\n\r\n"u8.ToArray());
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        if (Field(head, "Content-Length") is { } length)
            return new(status, head, await Exactly(int.Parse(length, CultureInfo.InvariantCulture)));
        var body = new StringBuilder();
        while (await Chunk() is { } chunk) body.Append(chunk);
        return new(status, head, body.ToString());
    }

    public Task<string> Head() => Until("\r\n\r\n"u8.ToArray());

    /// <summary>Null behind the last one: a body that has ended in good order.</summary>
    public async Task<string?> Chunk()
    {
        var size = int.Parse((await Until("\r\n"u8.ToArray())).TrimEnd(), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture);
        var chunk = await Exactly(size + 2);
        return size == 0 ? null : chunk[..^2];
    }

    /// <summary>Nothing more must come.</summary>
    public async Task End()
    {
        if (_end > _start || await More()) throw new IOException("something came behind the answer");
    }

    public void Dispose() => _socket.Dispose();

    static string? Field(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : head[(at + name.Length + 4)..].Split('\r')[0];
    }

    async Task<string> Until(byte[] end)
    {
        int at;
        while ((at = _bytes.AsSpan(_start, _end - _start).IndexOf(end)) < 0)
            if (!await More()) throw Ended();
        return Take(at + end.Length);
    }

    async Task<string> Exactly(int count)
    {
        while (_end - _start < count)
            if (!await More()) throw Ended();
        return Take(count);
    }

    IOException Ended() => new(_end == _start
        ? "the connection ended before the answer"
        : "the connection ended in the middle of: "
            + Encoding.Latin1.GetString(_bytes, _start, Math.Min(_end - _start, 80)));

    string Take(int count)
    {
        var text = Encoding.Latin1.GetString(_bytes, _start, count);
        _start += count;
        if (_start == _end) _start = _end = 0;
        return text;
    }

    async Task<bool> More()
    {
        if (_end == _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        var count = await _socket.ReceiveAsync(_bytes.AsMemory(_end), _cancel);
        _end += count;
        return count > 0;
    }
}
