namespace Slipway.Gateway.Http;

/// <summary>
/// Tells which of the bytes that come belong to a body, and whether they keep its form. Keeps none of them.
/// </summary>
struct BodyReader
{
    Framing _framing;
    long _left;
    ChunkReader _chunks;

    public void Begin(Framing framing, long length, WireLimits limits)
    {
        (_framing, _left, Ended, Refusal) = (framing, length, framing == Framing.None, Refusal.None);
        if (framing == Framing.Chunked) _chunks = new(limits);
    }

    public bool Ended { get; private set; }
    public Refusal Refusal { get; private set; }

    /// <summary>Until the other side closes.</summary>
    public readonly bool UntilClose => _framing == Framing.UntilClose;

    /// <summary>In the place of the next chunk the last one could stand.</summary>
    public readonly bool IsBetweenChunks => _framing == Framing.Chunked && _chunks.IsBetween && !Ended;

    /// <summary>Bytes that are still to come, where that is known.</summary>
    public readonly long Left => _framing == Framing.Length ? _left : _framing == Framing.Chunked ? _chunks.Left : 0;

    /// <summary>How many of these bytes belong to the body.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        if (Ended) return 0;
        switch (_framing)
        {
            case Framing.UntilClose:
                return bytes.Length;
            case Framing.Length:
                var taken = (int)Math.Min(_left, bytes.Length);
                _left -= taken;
                Ended = _left == 0;
                return taken;
            default:
                return Chunked(_chunks.Take(bytes));
        }
    }

    /// <summary>Of a body of known length so much went by without being looked at.</summary>
    public void Pass(int count)
    {
        _left -= count;
        Ended = _left == 0;
    }

    /// <summary>Its end is known from its beginning, so nobody has to look for it.</summary>
    public readonly bool HasLength => _framing == Framing.Length;

    /// <summary>For those who do not know chunks: leaves the data alone at the beginning of the same bytes.</summary>
    public int TakeData(Span<byte> bytes, out int count) => Chunked(_chunks.Take(bytes, bytes, out count));

    int Chunked(int taken)
    {
        (Ended, Refusal) = (_chunks.Ended, _chunks.Refusal);
        return taken;
    }
}
