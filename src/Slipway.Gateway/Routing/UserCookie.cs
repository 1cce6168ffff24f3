using System.Buffers.Text;
using System.Globalization;

namespace Slipway.Gateway.Routing;

/// <summary>
/// What the affinity cookie says: who the user is to us, since when, and the session that the app told of. Its text has
/// fixed places, so that reading it costs little: one digit of format, 16 hex digits of id, 8 of the second it was
/// made, 8 of the fleet that the session lives on, 16 of the seal, then the session's word.
/// </summary>
readonly record struct UserCookie(ulong Id, uint MadeAt, uint Fleet, SessionWord Session)
{
    const byte Format = (byte)'1';
    const int IdAt = 1, MadeAtAt = 17, FleetAt = 25, SealAt = 33, SessionAt = 49;
    public const int LengthMax = SessionAt + Limits.SessionWord;

    public bool IsLive => Fleet != 0 && Session.IsLive;

    /// <summary>False for whatever we have not written ourselves with this key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, SipHash key, out UserCookie cookie)
    {
        cookie = default;
        if (text.Length is < SessionAt or > LengthMax || text[0] != Format) return false;
        if (!Hex(text[SealAt..SessionAt], out var seal) || seal != Sealed(text, key)) return false;
        if (!Hex(text[IdAt..MadeAtAt], out var id)
            || !Hex(text[MadeAtAt..FleetAt], out var madeAt)
            || !Hex(text[FleetAt..SealAt], out var fleet)) return false;
        var session = SessionWord.None;
        if (text.Length > SessionAt && !SessionWord.TryRead(text[SessionAt..], out session)) return false;
        cookie = new(id, (uint)madeAt, (uint)fleet, session);
        return true;
    }

    /// <summary>Returns the length.</summary>
    public int Write(Span<byte> into, SipHash key)
    {
        into[0] = Format;
        Id.TryFormat(into[IdAt..], out _, "x16", CultureInfo.InvariantCulture);
        MadeAt.TryFormat(into[MadeAtAt..], out _, "x8", CultureInfo.InvariantCulture);
        Fleet.TryFormat(into[FleetAt..], out _, "x8", CultureInfo.InvariantCulture);
        var length = SessionAt + Session.Write(into[SessionAt..]);
        Sealed(into[..length], key).TryFormat(into[SealAt..], out _, "x16", CultureInfo.InvariantCulture);
        return length;
    }

    static ulong Sealed(ReadOnlySpan<byte> text, SipHash key)
    {
        Span<byte> content = stackalloc byte[SealAt + Limits.SessionWord];
        text[..SealAt].CopyTo(content);
        text[SessionAt..].CopyTo(content[SealAt..]);
        return key.Of(content[..(text.Length - SessionAt + SealAt)]);
    }

    static bool Hex(ReadOnlySpan<byte> digits, out ulong value) =>
        Utf8Parser.TryParse(digits, out value, out var consumed, 'x') && consumed == digits.Length;
}
