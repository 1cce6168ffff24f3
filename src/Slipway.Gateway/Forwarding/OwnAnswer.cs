using System.Globalization;
using System.Text;
using Slipway.Gateway.Http;

namespace Slipway.Gateway.Forwarding;

/// <summary>What the gateway says by itself, because nobody behind it could.</summary>
sealed class OwnAnswer
{
    public static readonly OwnAnswer Healthy = new(200, "held: no instance yet\n");
    public static readonly OwnAnswer NobodyHere = new(404, "No service here has this host and path.\n");
    public static readonly OwnAnswer TooSlow = new(408, "The request did not come in time.\n");
    public static readonly OwnAnswer Broken = new(502, "The instance broke off, or gave no proper answer.\n");
    public static readonly OwnAnswer NotReached = new(502, "The instance cannot be reached.\n");
    public static readonly OwnAnswer TurnedAway = new(503, "Nobody is let in now: try again later.\n");
    public static readonly OwnAnswer NobodyReady = new(503, "No instance is ready: try again later.\n");
    public static readonly OwnAnswer Full = new(503, "Too many connections: try again later.\n");
    public static readonly OwnAnswer NoRoom = new(503, "The gateway is full: try again later.\n");
    public static readonly OwnAnswer Leaving = new(503, "The instance had to go: try again.\n");
    public static readonly OwnAnswer GatewayLeaving = new(503, "The gateway had to go: try again.\n");
    public static readonly OwnAnswer HeldTooLong = new(504, "No instance was ready in time.\n");
    public static readonly OwnAnswer TimedOut = new(504, "The instance did not answer in time.\n");

    static readonly OwnAnswer[] Refused = [.. Enum.GetValues<Refusal>().Select(refusal => new OwnAnswer(
        refusal.Status(), $"Refused: {refusal.Words()}.\n"))];

    readonly byte[] _head, _body;

    OwnAnswer(int status, string text)
    {
        Status = status;
        _body = Encoding.ASCII.GetBytes(text);
        _head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: text/plain\r\nContent-Length: {_body.Length}\r\n"));
    }

    public int Status { get; }

    public static OwnAnswer Of(Refusal refusal) => Refused[(int)refusal];

    /// <summary>For drills.</summary>
    public static OwnAnswer Of(int status) => new(status, "Injected.\n");

    public void Write(ref Pen pen, bool closes, bool toHead, int retryAfter)
    {
        pen.Write(_head);
        if (Status == 503)
        {
            pen.Write("Retry-After: "u8);
            pen.Write(retryAfter);
            pen.Write("\r\n"u8);
        }

        if (closes) pen.Write("Connection: close\r\n"u8);
        pen.Write("\r\n"u8);
        if (!toHead) pen.Write(_body);
    }

    static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        408 => "Request Timeout",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Other",
    };
}
