using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Adapters.Checks;

/// <summary>Where users would come in: answers as a test says, and remembers what it was asked.</summary>
sealed class Answering : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Answering()
    {
        _listener.Start();
        _ = Listen();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;
    public int Status { get; set; } = 200;
    public string Body { get; set; } = "fine";
    public string Headers { get; set; } = "";
    public bool Silent { get; set; }

    /// <summary>What is answered to one request after the other; the last one stays.</summary>
    public ConcurrentQueue<int> Statuses { get; } = new();

    /// <summary>Method, path, and whose preview was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();
    public string LastBody { get; private set; } = "";
    public string LastSignature { get; private set; } = "";

    public void Dispose() => _listener.Dispose();

    async Task Listen()
    {
        try
        {
            while (true) _ = Answer(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task Answer(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        var request = (await reader.ReadLineAsync())!.Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line) headers[line.Split(':', 2)[0]] =
            line.Split(':', 2)[1].Trim();
        LastBody = await BodyOf(reader, headers);
        LastSignature = headers.GetValueOrDefault("Slipway-Signature", "");
        Asked.Enqueue($"{request[0]} {request[1]} {headers.GetValueOrDefault("Slipway-Preview")}".TrimEnd());
        if (Silent)
        {
            await reader.ReadLineAsync(); // until whoever asked has given up
            return;
        }

        if (Statuses.TryDequeue(out var status)) Status = status;
        var answer = $"HTTP/1.1 {Status} Said\r\n{Headers}Content-Length: {Body.Length}\r\n"
            + $"Connection: close\r\n\r\n{Body}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
    }

    static async Task<string> BodyOf(StreamReader reader, Dictionary<string, string> headers)
    {
        if (!headers.TryGetValue("Content-Length", out var length)) return "";
        var text = new char[int.Parse(length, CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text);
        return new string(text);
    }
}
