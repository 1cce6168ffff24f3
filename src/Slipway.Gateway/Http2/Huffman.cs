namespace Slipway.Gateway.Http2;

/// <summary>
/// The code of RFC 7541, appendix B. It is canonical: codes of one length follow each other in the order of their
/// symbols, so the lengths say everything.
/// </summary>
static class Huffman
{
    const int EndOfString = 256, Shortest = 5, Longest = 30, FastBits = 8;

    static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>All symbols, those with shorter codes first.</summary>
    static readonly ushort[] Ordered = [.. Enumerable.Range(0, EndOfString + 1).Select(symbol => (ushort)symbol)
        .OrderBy(symbol => Lengths[symbol])];

    /// <summary>Of each length: where its codes end, put to the left of 32 bits.</summary>
    static readonly ulong[] Ends = new ulong[Longest + 1];

    /// <summary>Of each length: what makes a place in <see cref="Ordered"/> of a code.</summary>
    static readonly int[] Offsets = new int[Longest + 1];

    /// <summary>By the next eight bits: the symbol and, above it, how long its code is.</summary>
    static readonly ushort[] Fast = new ushort[1 << FastBits];

    static Huffman()
    {
        var (code, place) = (0u, 0);
        for (var length = 1; length <= Longest; length++, code <<= 1)
        {
            Offsets[length] = place - (int)code;
            for (; place < Ordered.Length && Lengths[Ordered[place]] == length; place++, code++)
                if (length <= FastBits)
                    Fast.AsSpan((int)code << (FastBits - length), 1 << (FastBits - length))
                        .Fill((ushort)((length << 9) | Ordered[place]));
            Ends[length] = (ulong)code << (32 - length);
        }
    }

    /// <summary>How much room is enough for what so many bytes stand for.</summary>
    public static int RoomFor(int coded) => coded * 8 / Shortest;

    /// <summary>How many bytes were written; negative when these are no code.</summary>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> into)
    {
        var (bits, count, at, written) = (0UL, 0, 0, 0);
        while (true)
        {
            while (count <= 56 && at < coded.Length)
            {
                bits |= (ulong)coded[at++] << (56 - count);
                count += 8;
            }

            if (count < Shortest) break;
            var found = Fast[bits >> (64 - FastBits)];
            var length = found >> 9;
            var symbol = found & 0x1FF;
            if (length == 0) symbol = Long((uint)(bits >> 32), out length);
            if (length > count) break;
            if (symbol == EndOfString) return -1;
            into[written++] = (byte)symbol;
            bits <<= length;
            count -= length;
        }

        // What is left fills the last byte, and is the beginning of the end of a string: ones alone (5.2).
        return count < 8 && bits >> (64 - count) == (1UL << count) - 1 || count == 0 ? written : -1;
    }

    static int Long(uint window, out int length)
    {
        length = FastBits + 1;
        while (window >= Ends[length] && length < Longest) length++;
        return Ordered[Offsets[length] + (int)(window >> (32 - length))];
    }
}
