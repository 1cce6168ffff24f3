using System.Net;
using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>The head of a request as an instance gets it.</summary>
static class RequestWriter
{
    /// <summary>What the gateway says itself, or what a client cannot say.</summary>
    public const Known Rewritten = Known.Host | Known.ContentLength | Known.Forwarded | Known.ForwardedFor
        | Known.ForwardedHost | Known.ForwardedProto | Known.ShadowRequest;

    /// <summary>More than what is written of the origin beside what others have said of it.</summary>
    public const int OriginExcess = 2 * 1024;

    /// <summary>Upgrades are passed on, but not to HTTP/2: nobody here would understand what comes then.</summary>
    public static bool IsUpgrade(RequestHead head) => head.Upgrades && head.Has(Known.Upgrade) && !head.IsOld
        && head.Framing == Framing.None && head.Method.SequenceEqual("GET"u8) && !NamesHttp2(head.Get(Known.Upgrade));

    public static bool IsWebSocket(RequestHead head) =>
        Ascii.EqualsIgnoreCase(head.Get(Known.Upgrade), "websocket"u8);

    public static void Write(ref Pen pen, RequestHead head, in Caller caller, Instance instance, RequestId id)
    {
        pen.Write(head.Method);
        pen.Write(" "u8);
        pen.Write(head.Path);
        pen.Write(head.QueryWithMark);
        pen.Write(" HTTP/1.1\r\nHost: "u8);
        WriteHost(ref pen, head, instance);
        var known = RequestId.IsKept(head);
        // An expectation of an old client is to be ignored (RFC 9110 10.1.1).
        var dropped = Rewritten | (known ? Known.None : Known.RequestId) | (head.IsOld ? Known.Expect : Known.None);
        Fields.WriteKept(ref pen, head, dropped);
        if (head.Framing == Framing.Chunked) pen.Write("Transfer-Encoding: chunked\r\n"u8);
        else if (head.Has(Known.ContentLength))
        {
            pen.Write("Content-Length: "u8);
            pen.Write(head.ContentLength);
            pen.Write("\r\n"u8);
        }

        if (IsUpgrade(head))
        {
            pen.Write("Connection: Upgrade\r\nUpgrade: "u8);
            pen.Write(head.Get(Known.Upgrade));
            pen.Write("\r\n"u8);
        }
        else if (TakesTrailers(head))
        {
            // Of one connection each, and we pass trailers on: so it is our own word too (RFC 9110 10.1.4).
            pen.Write("Connection: TE\r\nTE: trailers\r\n"u8);
        }

        WriteOrigin(ref pen, head, caller);
        if (!known)
        {
            pen.Write("X-Request-Id: "u8);
            pen.Write(id.Of(head));
            pen.Write("\r\n"u8);
        }

        pen.Write("\r\n"u8);
    }

    static void WriteHost(ref Pen pen, RequestHead head, Instance instance)
    {
        if (head.Authority.Length > 0)
        {
            pen.Write(head.Authority);
        }
        else
        {
            pen.Skip(Encoding.ASCII.GetBytes(instance.Host, pen.Rest));
            pen.Write(":"u8);
            pen.Write(instance.Port);
        }

        pen.Write("\r\n"u8);
    }

    /// <summary>
    /// Who asks, and how. What others say of addresses before is kept in front: an app that knows how many gateways are
    /// its own counts from the end.
    /// </summary>
    public static void WriteOrigin(ref Pen pen, RequestHead head, in Caller caller)
    {
        pen.Write("X-Forwarded-For: "u8);
        Fields.WriteList(ref pen, head, Known.ForwardedFor);
        WriteAddress(ref pen, caller.Address, out var is6);
        pen.Write(caller.Secure ? "\r\nX-Forwarded-Proto: https"u8 : "\r\nX-Forwarded-Proto: http"u8);
        if (head.Authority.Length > 0)
        {
            pen.Write("\r\nX-Forwarded-Host: "u8);
            pen.Write(head.Authority);
        }

        pen.Write("\r\nForwarded: "u8);
        Fields.WriteList(ref pen, head, Known.Forwarded);
        pen.Write(is6 ? "for=\"["u8 : "for="u8);
        WriteAddress(ref pen, caller.Address, out _);
        if (is6) pen.Write("]\""u8);
        pen.Write(caller.Secure ? ";proto=https"u8 : ";proto=http"u8);
        if (head.Authority.Length > 0)
        {
            // A colon or a bracket is nothing that may stand without quotes.
            pen.Write(";host=\""u8);
            pen.Write(head.Authority);
            pen.Write("\""u8);
        }

        pen.Write("\r\n"u8);
    }

    static void WriteAddress(ref Pen pen, Address address, out bool is6)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.CopyTo(bytes);
        is6 = bytes[..10].ContainsAnyExcept((byte)0) || bytes[10] != 0xFF || bytes[11] != 0xFF;
        if (is6)
        {
            new IPAddress(bytes).TryFormat(pen.Rest, out var count);
            pen.Skip(count);
            return;
        }

        for (var i = 12; i < 16; i++)
        {
            if (i > 12) pen.Write("."u8);
            pen.Write(bytes[i]);
        }
    }

    /// <summary>Whoever does not know chunks would not get them.</summary>
    static bool TakesTrailers(RequestHead head)
    {
        if (!head.Has(Known.Te) || head.IsOld) return false;
        for (var i = 0; i < head.Count; i++)
        {
            if (head[i].Known != Known.Te) continue;
            var list = head.Value(i);
            while (Grammar.TryNext(ref list, out var coding))
                if (Ascii.EqualsIgnoreCase(coding, "trailers"u8)) return true;
        }

        return false;
    }

    static bool NamesHttp2(ReadOnlySpan<byte> list)
    {
        while (Grammar.TryNext(ref list, out var protocol))
            if (protocol.StartsWith("h2"u8) || protocol.StartsWith("H2"u8)) return true;
        return false;
    }
}
