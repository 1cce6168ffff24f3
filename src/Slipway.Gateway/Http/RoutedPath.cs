namespace Slipway.Gateway.Http;

/// <summary>
/// The reading of a path that rules and prefixes are compared with. An app may read <c>//a</c> and <c>/%61</c> as
/// <c>/a</c>, so a rule for that means them too. Where an app could climb out of a prefix nothing is compared: such a
/// request is refused.
/// </summary>
static class RoutedPath
{
    /// <summary>
    /// A segment that stands for this or the upper one, in any disguise that some app sees through: encoded dots,
    /// encoded slashes of both kinds around them, parameters behind them.
    /// </summary>
    public static bool HasDotSegment(ReadOnlySpan<byte> path)
    {
        if (path.IndexOf("/."u8) < 0 && !path.Contains((byte)'%')) return false;
        var (dots, other, parameters) = (0, false, false);
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == (byte)'%' && i + 2 < path.Length)
            {
                c = Byte(path.Slice(i + 1, 2));
                i += 2;
            }

            if (c is (byte)'/' or (byte)'\\')
            {
                if (!other && dots is 1 or 2) return true;
                (dots, other, parameters) = (0, false, false);
            }
            else if (c == (byte)';') parameters = true;
            else if (parameters) continue;
            else if (c == (byte)'.') dots++;
            else other = true;
        }

        return !other && dots is 1 or 2;
    }

    public static bool IsPlain(ReadOnlySpan<byte> path) => !path.Contains((byte)'%') && path.IndexOf("//"u8) < 0;

    /// <summary>
    /// One slash for several, and what need not be encoded is not (RFC 3986 6.2.2); other encodings in capital letters.
    /// Never longer than the path. Returns the length.
    /// </summary>
    public static int Write(ReadOnlySpan<byte> path, Span<byte> into)
    {
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == (byte)'/' && length > 0 && into[length - 1] == (byte)'/') continue;
            if (c != (byte)'%' || i + 2 >= path.Length)
            {
                into[length++] = c;
                continue;
            }

            var meant = Byte(path.Slice(i + 1, 2));
            i += 2;
            if (Grammar.HostName.Contains(meant))
            {
                into[length++] = meant;
                continue;
            }

            into[length++] = c;
            into[length++] = Capital(path[i - 1]);
            into[length++] = Capital(path[i]);
        }

        return length;
    }

    public static byte[] Of(ReadOnlySpan<byte> path)
    {
        var bytes = new byte[path.Length];
        return bytes[..Write(path, bytes)];
    }

    static byte Capital(byte digit) => digit >= (byte)'a' ? (byte)(digit - 0x20) : digit;

    static byte Byte(ReadOnlySpan<byte> digits) => (byte)((Digit(digits[0]) << 4) | Digit(digits[1]));

    static int Digit(byte digit) => (digit & 0xF) + (digit >= (byte)'A' ? 9 : 0);
}
