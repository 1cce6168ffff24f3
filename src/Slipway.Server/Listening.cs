using System.Globalization;
using System.Net;

namespace Slipway;

/// <summary>
/// Where the control plane is asked. Only what names an address of this machine is one: whatever else stands there
/// would be taken for every address that there is.
/// </summary>
public sealed record Listening(IPEndPoint Point)
{
    bool IsForAll => Point.Address.Equals(IPAddress.Any) || Point.Address.Equals(IPAddress.IPv6Any);

    /// <summary>What is wrong with it, and what to write; null when nothing is.</summary>
    public static TakenAddress? Problem(string text, bool hasToken)
    {
        if (Parse(text) is not { Point: var point })
            return new($"\"{text}\" is no address to listen on", "Write an address of this machine and a port, like "
                + "127.0.0.1:7400, [::1]:7400, or 0.0.0.0:7400 for other machines too.");
        return hasToken || IPAddress.IsLoopback(point.Address) ? null : new(
            $"{text} can be reached from other machines, and there is no token that they would have to send",
            $"Set SLIPWAY_TOKEN to a long secret, here and for whoever asks; or listen on 127.0.0.1:{point.Port}.");
    }

    public static Listening? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) host = "127.0.0.1";
        var isBracketed = host is ['[', .., ']'];
        if (!isBracketed && host.Split('.').Length != 4) return null;
        return IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address)
            ? new(new IPEndPoint(address, port))
            : null;
    }

    /// <summary>How this machine itself asks there, with the port that it has got.</summary>
    public Uri OwnUrl(int port) => new($"http://{new IPEndPoint(
        !IsForAll ? Point.Address : Point.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback,
        port)}");

    /// <summary>How others ask there: whoever listens on every address has a name.</summary>
    public string UrlFor(int port) =>
        IsForAll ? $"http://{Environment.MachineName}:{port}" : $"http://{new IPEndPoint(Point.Address, port)}";
}
