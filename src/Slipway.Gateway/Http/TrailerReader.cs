using System.Runtime.CompilerServices;

namespace Slipway.Gateway.Http;

/// <summary>
/// The fields behind the last chunk. They are passed on as they come, so those that would have changed the request's
/// framing, its way or its author had they come first are refused: an app may put trailers and fields into one list.
/// </summary>
struct TrailerReader(WireLimits limits)
{
    /// <summary>Longer names are none of the forbidden.</summary>
    const int NameBytes = 24;

    enum At { LineStart, Name, Value, LineEnd, LastEnd }

    [InlineArray(NameBytes)]
    struct NameStart
    {
        byte _first;
    }

    At _at;
    int _bytes, _fields, _length;
    NameStart _name;

    public bool Ended { get; private set; }

    public Refusal Take(byte c)
    {
        if (++_bytes > limits.TrailerBytes) return Refusal.TrailersTooLarge;
        switch (_at)
        {
            case At.LineStart when c == (byte)'\r':
                _at = At.LastEnd;
                return Refusal.None;
            case At.LineStart:
                if (++_fields > limits.Fields) return Refusal.TrailersTooLarge;
                (_at, _length) = (At.Name, 0);
                return TakeName(c);
            case At.Name:
                return TakeName(c);
            case At.Value:
                if (c == (byte)'\r') _at = At.LineEnd;
                else if (c < 0x20 && c != (byte)'\t' || c == 0x7F) return Refusal.BadTrailer;
                return Refusal.None;
            case At.LineEnd:
                _at = At.LineStart;
                return c == (byte)'\n' ? Refusal.None : Refusal.BadTrailer;
            default:
                Ended = c == (byte)'\n';
                return Ended ? Refusal.None : Refusal.BadTrailer;
        }
    }

    Refusal TakeName(byte c)
    {
        if (c == (byte)':' && _length > 0)
        {
            _at = At.Value;
            return _length <= NameBytes && IsForbidden(((Span<byte>)_name)[.._length])
                ? Refusal.BadTrailer
                : Refusal.None;
        }

        if (!Grammar.Token.Contains(c)) return Refusal.BadTrailer;
        if (_length < NameBytes) _name[_length] = c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
        _length++;
        return Refusal.None;
    }

    static bool IsForbidden(ReadOnlySpan<byte> name) => KnownNames.Of(name) is not (Known.None or Known.RequestId)
        || name.SequenceEqual("authorization"u8) || name.SequenceEqual("proxy-authorization"u8)
        || name.SequenceEqual("cookie"u8) || name.SequenceEqual("set-cookie"u8) || name.SequenceEqual("trailer"u8)
        || name.SequenceEqual("content-encoding"u8) || name.SequenceEqual("content-range"u8)
        || name.SequenceEqual("cache-control"u8);
}
