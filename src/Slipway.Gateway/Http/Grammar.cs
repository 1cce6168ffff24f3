using System.Buffers;

namespace Slipway.Gateway.Http;

/// <summary>The alphabets of RFC 9110 and 3986, in a form that many bytes are compared with at once.</summary>
static class Grammar
{
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const string Digits = "0123456789";
    const string Unreserved = Letters + Digits + "-._~";
    const string PathCharacters = Unreserved + "!$&'()*+,;=:@/%";

    public static readonly SearchValues<byte> Token = Of(Letters + Digits + "!#$%&'*+-.^_`|~");

    /// <summary>What may not be inside of a line: control bytes but the tab, among them what ends it.</summary>
    public static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (byte)c), 0x7F]);

    /// <summary>Browsers send the last four without encoding them.</summary>
    public static readonly SearchValues<byte> Path = Of(PathCharacters + "|[]^");

    public static readonly SearchValues<byte> Query = Of(PathCharacters + @"?|[]^{}`\");

    public static readonly SearchValues<byte> HostName = Of(Unreserved);

    public static readonly SearchValues<byte> Hex = Of(Digits + "ABCDEFabcdef");

    public static readonly SearchValues<byte> AddressOf6 = Of(Digits + "ABCDEFabcdef:.");

    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && text.IndexOfAnyExcept(Token) < 0;

    /// <summary>Digits alone, and not more of them than a long can hold.</summary>
    public static bool TryLength(ReadOnlySpan<byte> text, out long length)
    {
        length = 0;
        if (text.Length is 0 or > 18) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c)) return false;
            length = length * 10 + (c - '0');
        }

        return true;
    }

    public static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>The next element of a list that commas part; empty ones are left out.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> element)
    {
        while (list.Length > 0)
        {
            var comma = list.IndexOf((byte)',');
            element = Trimmed(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
            if (element.Length > 0) return true;
        }

        element = default;
        return false;
    }

    static SearchValues<byte> Of(string characters) => SearchValues.Create([.. characters.Select(c => (byte)c)]);
}
