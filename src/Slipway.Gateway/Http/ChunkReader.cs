namespace Slipway.Gateway.Http;

/// <summary>The chunked coding (RFC 9112 7.1), byte by byte between the data, which are skipped at once.</summary>
struct ChunkReader(WireLimits limits)
{
    const int SizeDigits = 16;

    enum At
    {
        Size, MoreSize, ExtensionName, MoreExtensionName, ExtensionValue, MoreExtensionValue, Quoted, Escaped, Unquoted,
        SizeEnd, Data, DataReturn, DataEnd, Trailers,
    }

    At _at;
    int _line, _extensions;
    TrailerReader _trailers = new(limits);

    public long Left { get; private set; }
    public bool Ended { get; private set; }

    /// <summary>All that has begun is whole, and the last chunk has not come.</summary>
    public readonly bool IsBetween => _at == At.Size;
    public Refusal Refusal { get; private set; }

    public int Take(ReadOnlySpan<byte> bytes) => Take(bytes, default, out _);

    /// <summary>The data alone go into the second, which may be the beginning of the first.</summary>
    public int Take(ReadOnlySpan<byte> bytes, Span<byte> data, out int count)
    {
        count = 0;
        var i = 0;
        while (i < bytes.Length && !Ended && Refusal == Refusal.None)
            if (_at == At.Data)
            {
                var taken = (int)Math.Min(Left, bytes.Length - i);
                if (!data.IsEmpty) bytes.Slice(i, taken).CopyTo(data[count..]);
                count += taken;
                i += taken;
                Left -= taken;
                if (Left == 0) _at = At.DataReturn;
            }
            else if (_at == At.Trailers)
            {
                Refusal = _trailers.Take(bytes[i]);
                Ended = _trailers.Ended;
                if (Refusal == Refusal.None) i++;
            }
            else
            {
                if (!Step(bytes[i])) Refusal = Refusal.BadChunk;
                else i++;
            }

        return i;
    }

    bool Step(byte c)
    {
        switch (_at)
        {
            case At.DataReturn:
                _at = At.DataEnd;
                return c == (byte)'\r';
            case At.DataEnd:
                (_at, _line) = (At.Size, 0);
                return c == (byte)'\n';
            case At.SizeEnd:
                (_at, _line) = (Left == 0 ? At.Trailers : At.Data, 0);
                return c == (byte)'\n';
            case At.Size or At.MoreSize:
                return ++_line <= limits.ChunkLineBytes && StepSize(c);
            default:
                return ++_line <= limits.ChunkLineBytes && ++_extensions <= limits.ChunkExtensionBytes
                    && StepExtension(c);
        }
    }

    bool StepSize(byte c)
    {
        if (char.IsAsciiHexDigit((char)c))
        {
            // The highest digit of sixteen would make it negative; so would a seventeenth.
            if (_line > SizeDigits || Left >> 59 != 0) return false;
            Left = (Left << 4) | (uint)((c & 0xF) + (c >= (byte)'A' ? 9 : 0));
            _at = At.MoreSize;
            return true;
        }

        return _at == At.MoreSize && Next(c, At.MoreSize);
    }

    bool StepExtension(byte c) => _at switch
    {
        At.ExtensionName => Into(At.MoreExtensionName, IsToken(c)),
        At.MoreExtensionName => IsToken(c) || (c == (byte)'=' ? Into(At.ExtensionValue, true) : Next(c, _at)),
        At.ExtensionValue => c == (byte)'"' ? Into(At.Quoted, true) : Into(At.MoreExtensionValue, IsToken(c)),
        At.MoreExtensionValue => IsToken(c) || Next(c, _at),
        At.Quoted => c == (byte)'"' ? Into(At.Unquoted, true)
            : c == (byte)'\\' ? Into(At.Escaped, true) : IsText(c),
        At.Escaped => Into(At.Quoted, IsText(c)),
        _ => Next(c, _at),
    };

    /// <summary>Behind a whole part: the end of the line, or one more extension.</summary>
    bool Next(byte c, At otherwise)
    {
        _at = c switch { (byte)'\r' => At.SizeEnd, (byte)';' => At.ExtensionName, _ => otherwise };
        return _at != otherwise;
    }

    bool Into(At next, bool allowed)
    {
        _at = next;
        return allowed;
    }

    static bool IsToken(byte c) => Grammar.Token.Contains(c);

    static bool IsText(byte c) => c is (byte)'\t' or >= 0x20 and < 0x7F;
}
