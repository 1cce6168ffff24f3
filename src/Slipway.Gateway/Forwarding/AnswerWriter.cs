using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Forwarding;

/// <summary>How the client's connection goes on after an answer, and what the gateway adds to it.</summary>
readonly record struct Manner(bool IsOldClient, bool Closes, bool Chunked, bool VersionHeader)
{
    /// <summary>Seconds that the instance still has, when it is leaving.</summary>
    public long? Drain { get; init; }
}

/// <summary>The head of an answer as the client gets it.</summary>
static class AnswerWriter
{
    const Known Ours = Known.Session | Known.Drain;

    public static void Write(ref Pen pen, ResponseHead head, ref Claim claim, in Manner manner)
    {
        WriteStatus(ref pen, head);
        var dropped = Ours | (manner.VersionHeader ? Known.Version : Known.None)
            | (head.Status is 204 or < 200 ? Known.ContentLength : Known.None);
        Fields.WriteKept(ref pen, head, dropped);
        if (manner.Chunked) pen.Write("Transfer-Encoding: chunked\r\n"u8);
        if (manner.Closes) pen.Write("Connection: close\r\n"u8);
        else if (manner.IsOldClient) pen.Write("Connection: keep-alive\r\n"u8);
        if (claim.HasCookie) pen.Skip(claim.WriteCookie(pen.Rest));
        if (manner.VersionHeader) pen.Write(claim.Fleet.VersionLine);
        if (manner.Drain is { } seconds)
        {
            pen.Write("Slipway-Drain: "u8);
            pen.Write(seconds);
            pen.Write("\r\n"u8);
        }

        pen.Write("\r\n"u8);
    }

    /// <summary>A word before the answer is passed on as it is.</summary>
    public static void WriteInterim(ref Pen pen, ResponseHead head)
    {
        WriteStatus(ref pen, head);
        Fields.WriteKept(ref pen, head, Known.ContentLength);
        pen.Write("\r\n"u8);
    }

    /// <summary>From here on both sides speak another protocol.</summary>
    public static void WriteUpgrade(ref Pen pen, ResponseHead head)
    {
        WriteStatus(ref pen, head);
        Fields.WriteKept(ref pen, head, Known.ContentLength);
        pen.Write("Connection: Upgrade\r\nUpgrade: "u8);
        pen.Write(head.Get(Known.Upgrade));
        pen.Write("\r\n\r\n"u8);
    }

    static void WriteStatus(ref Pen pen, ResponseHead head)
    {
        pen.Write("HTTP/1.1 "u8);
        pen.Write(head.Status);
        pen.Write(" "u8);
        pen.Write(head.Reason);
        pen.Write("\r\n"u8);
    }
}
