using System.Net;

namespace Slipway.Gateway.Http;

/// <summary>
/// A host and perhaps a port, as Host and absolute targets have them. An instance is told of it several times, so it is
/// short in any form.
/// </summary>
static class Authority
{
    const int LongestName = 255;

    /// <summary>Eight groups, of which the last two are written as an address of version 4.</summary>
    const int LongestAddress = 45;

    /// <summary>How long the host is, without its port; zero when it is none.</summary>
    public static int HostLength(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0) return 0;
        var length = text[0] == (byte)'[' ? LengthInBrackets(text) : LengthOfName(text);
        return length > 0 && IsPort(text[length..]) ? length : 0;
    }

    static int LengthOfName(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(Grammar.HostName);
        if (end < 0) end = text.Length;
        return end <= LongestName ? end : 0;
    }

    static int LengthInBrackets(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)']');
        if (end < 3) return 0;
        var address = text[1..end];
        return address.Length <= LongestAddress && address.IndexOfAnyExcept(Grammar.AddressOf6) < 0
            && address.Count((byte)':') >= 2 && IPAddress.IsValidUtf8(address) ? end + 1 : 0;
    }

    /// <summary>Nothing, or a colon and up to five digits; the grammar allows none.</summary>
    static bool IsPort(ReadOnlySpan<byte> text) => text.Length == 0
        || (text[0] == (byte)':' && text.Length <= 6
            && (text.Length == 1 || (Grammar.TryLength(text[1..], out var port) && port <= ushort.MaxValue)));
}
