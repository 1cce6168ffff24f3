using System.Text;
using Slipway.Gateway.Http;

namespace Slipway.Gateway.Routing;

/// <summary>Looks into a request's head for what rules and affinity ask after.</summary>
static class Fields
{
    /// <summary>The first cookie of this name.</summary>
    public static bool TryCookie(RequestHead head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < head.Count; i++)
            if (Ascii.EqualsIgnoreCase(head.Name(i), "cookie"u8) && TryPart(head.Value(i), (byte)';', name, out value))
                return true;

        value = default;
        return false;
    }

    /// <summary>The first value of this name in a query, as sent.</summary>
    public static bool TryQuery(RequestHead head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) =>
        TryPart(head.Query, (byte)'&', name, out value);

    static bool TryPart(
        ReadOnlySpan<byte> text, byte separator, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(separator);
            var part = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            while (!part.IsEmpty && part[0] is (byte)' ' or (byte)'\t') part = part[1..];
            if (!part.StartsWith(name)) continue;
            if (part.Length == name.Length && separator == (byte)'&')
            {
                value = default;
                return true;
            }

            if (part.Length <= name.Length || part[name.Length] != (byte)'=') continue;
            value = part[(name.Length + 1)..].TrimEnd((byte)' ');
            return true;
        }

        value = default;
        return false;
    }
}
