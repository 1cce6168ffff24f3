using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Machines.Load;

/// <summary>The kinds of clients. Each ends where a client like it would connect anew.</summary>
public static class Visits
{
    const int Pipelined = 8, UploadMax = 300_000;

    /// <summary>One request after the other, for as long as the connection is kept.</summary>
    public static async Task KeepAlive(Visitor visitor, CancellationToken cancel)
    {
        using var line = await Line.To(visitor.Listen, cancel);
        while (await visitor.Rest())
        {
            await line.Send(Get(visitor, "/"));
            if (Judge(visitor, "kept alive", await line.Read()).Closes) return;
        }
    }

    public static async Task Once(Visitor visitor, CancellationToken cancel)
    {
        if (!await visitor.Rest()) return;
        using var line = await Line.To(visitor.Listen, cancel);
        await line.Send(Get(visitor, "/", "Connection: close\r\n"));
        Judge(visitor, "alone", await line.Read());
        await line.End();
    }

    /// <summary>
    /// Behind an answer that closes the connection the rest was not heard (RFC 9112 9.3.2): it is asked anew, and that
    /// is no failure.
    /// </summary>
    public static async Task Pipeline(Visitor visitor, CancellationToken cancel)
    {
        using var line = await Line.To(visitor.Listen, cancel);
        while (await visitor.Rest())
        {
            await line.Send(string.Concat(Enumerable.Repeat(Get(visitor, "/"), Pipelined)));
            for (var i = 0; i < Pipelined; i++)
                if (Judge(visitor, "pipelined", await line.Read()).Closes) return;
        }
    }

    public static async Task Upload(Visitor visitor, CancellationToken cancel)
    {
        using var line = await Line.To(visitor.Listen, cancel);
        while (await visitor.Rest())
        {
            var body = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, UploadMax));
            var chunked = body.Length % 2 == 0;
            await line.Send($"POST /digest HTTP/1.1\r\nHost: {visitor.Host}\r\n"
                + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {body.Length}\r\n\r\n"));
            foreach (var piece in body.Chunk(16 * 1024))
            {
                if (chunked) await line.Send($"{piece.Length:x}\r\n");
                await line.Send(piece);
                if (chunked) await line.Send("\r\n");
            }

            if (chunked) await line.Send("0\r\n\r\n");
            var answer = await line.Read();
            if (answer.Status != 200 || answer.Body != Convert.ToHexString(SHA256.HashData(body)))
                visitor.Failed($"upload: {answer.Status} {answer.Body}");
            else visitor.Did("uploads");
            if (answer.Closes) return;
        }
    }

    /// <summary>Speaks no more once it has asked, and listens to the end.</summary>
    public static async Task HalfClosed(Visitor visitor, CancellationToken cancel)
    {
        if (!await visitor.Rest()) return;
        using var line = await Line.To(visitor.Listen, cancel);
        await line.Send(Get(visitor, "/"));
        line.EndSending();
        Judge(visitor, "half-closed", await line.Read());
        await line.End();
    }

    /// <summary>Goes away in the middle of what it says, or of what it is told.</summary>
    public static async Task Abort(Visitor visitor, CancellationToken cancel)
    {
        foreach (var request in (string[])
        [
            "GET / HT", Get(visitor, "/"), Get(visitor, "/large"), Get(visitor, "/events?from=1"),
            $"POST /digest HTTP/1.1\r\nHost: {visitor.Host}\r\nContent-Length: 9\r\n\r\nhalf",
        ])
        {
            if (!await visitor.Rest()) return;
            using var line = await Line.To(visitor.Listen, cancel);
            await line.Send(request);
            if (request.StartsWith("GET /large", StringComparison.Ordinal)) await line.Head();
            line.Reset();
            visitor.Did("aborted");
        }
    }

    /// <summary>Numbers come without a gap, also over connections that have ended in good order.</summary>
    public static async Task Events(Visitor visitor, CancellationToken cancel)
    {
        using var line = await Line.To(visitor.Listen, cancel);
        await line.Send(Get(visitor, $"/events?from={visitor.NextEvent}"));
        var head = await line.Head();
        if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            visitor.Failed($"events: {head}");
            return;
        }

        visitor.Did("event streams");
        while (!visitor.HasEnough)
        {
            if (await line.Chunk() is not { } chunk)
            {
                visitor.Did("ended streams");
                return;
            }

            if (chunk != $"data: {visitor.NextEvent.ToString(CultureInfo.InvariantCulture)}\n\n")
                visitor.Failed($"events: {chunk.Trim()} in the place of {visitor.NextEvent}");
            visitor.NextEvent++;
            visitor.Did("events");
        }
    }

    /// <summary>Every word comes back, until the other side says that it goes away.</summary>
    public static async Task Echo(Visitor visitor, CancellationToken cancel)
    {
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.SetRequestHeader("Host", visitor.Host);
        await socket.ConnectAsync(new($"ws://{visitor.Listen}/echo"), cancel);
        visitor.Did("WebSockets");
        var buffer = new byte[64];
        for (var i = 0; await visitor.Rest(); i++)
        {
            var word = i.ToString(CultureInfo.InvariantCulture);
            await socket.SendAsync(Encoding.ASCII.GetBytes(word), WebSocketMessageType.Text, true, cancel);
            var heard = await socket.ReceiveAsync(buffer, cancel);
            if (heard.MessageType == WebSocketMessageType.Close)
            {
                if (heard.CloseStatus != WebSocketCloseStatus.EndpointUnavailable)
                    visitor.Failed($"a WebSocket was closed with {heard.CloseStatus}");
                visitor.Did("going away");
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
                return;
            }

            if (Encoding.ASCII.GetString(buffer, 0, heard.Count) != word) visitor.Failed($"no echo of {word}");
            visitor.Did("echoes");
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
    }

    static string Get(Visitor visitor, string target, string more = "") =>
        $"GET {target} HTTP/1.1\r\nHost: {visitor.Host}\r\n{more}\r\n";

    static Line.Answer Judge(Visitor visitor, string what, Line.Answer answer)
    {
        if (answer.Status == 200 && answer.Body.Length > 0) visitor.Did(what);
        else visitor.Failed($"{what}: {answer.Status} {answer.Body}");
        return answer;
    }
}
