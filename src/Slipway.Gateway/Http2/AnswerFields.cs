using System.Text;
using Slipway.Gateway.Http;

namespace Slipway.Gateway.Http2;

/// <summary>
/// The head of an answer of HTTP/1.1, as this gateway writes it, as a header block. No table is kept for answers: all
/// fields are literal, with a name from the static table where there is one.
/// </summary>
ref struct AnswerFields(Span<byte> into)
{
    /// <summary>More than what a block may be longer than the text that it was made of.</summary>
    public const int Excess = 1024;

    readonly Span<byte> _into = into;

    public int Length { get; private set; }
    public int Status { get; private set; }
    public bool IsChunked { get; private set; }

    /// <summary>Negative when it is not told.</summary>
    public long ContentLength { get; private set; } = -1;

    /// <summary>The table of the other side is not used: once that has to be said (RFC 7541, 4.2).</summary>
    public void SayNoTable() => _into[Length++] = 0x20;

    /// <summary>A whole head, with its empty line.</summary>
    public void WriteHead(ReadOnlySpan<byte> head)
    {
        Status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
        if (StaticTable.FindStatus(Status) is var index and > 0)
        {
            _into[Length++] = (byte)(0x80 | index);
        }
        else
        {
            _into[Length++] = StaticTable.Status200;
            Text(head.Slice(9, 3));
        }

        WriteLines(head[(head.IndexOf((byte)'\n') + 1)..]);
    }

    /// <summary>Fields, each in a line; an empty line ends them.</summary>
    public void WriteLines(ReadOnlySpan<byte> lines)
    {
        while (lines.IndexOf((byte)'\r') is var end and > 0)
        {
            var colon = lines.IndexOf((byte)':');
            Field(lines[..colon], Grammar.Trimmed(lines[(colon + 1)..end]));
            lines = lines[(end + 2)..];
        }
    }

    void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (KnownNames.Of(name))
        {
            case Known.TransferEncoding:
                IsChunked = true;
                return;
            case Known.Connection or Known.KeepAlive or Known.ProxyConnection or Known.Upgrade:
                return;
            case Known.ContentLength:
                if (Grammar.TryLength(value, out var length)) ContentLength = length;
                break;
        }

        // Small letters are written to where the name will stand if it is none of the table.
        var room = name.Length < 127 ? 2 : 1 + NumberLength(name.Length, 127);
        var small = _into.Slice(Length + room, name.Length);
        Ascii.ToLower(name, small, out _);
        if (StaticTable.Find(small) is var index and > 0)
        {
            _into[Length] = 0;
            Number(index, 15);
        }
        else
        {
            _into[Length++] = 0;
            _into[Length] = 0;
            Number(name.Length, 127);
            Length += name.Length;
        }

        Text(value);
    }

    void Text(ReadOnlySpan<byte> text)
    {
        _into[Length] = 0;
        Number(text.Length, 127);
        text.CopyTo(_into[Length..]);
        Length += text.Length;
    }

    void Number(int number, int most)
    {
        if (number < most)
        {
            _into[Length++] |= (byte)number;
            return;
        }

        _into[Length++] |= (byte)most;
        for (number -= most; number >= 128; number >>= 7) _into[Length++] = (byte)(number | 0x80);
        _into[Length++] = (byte)number;
    }

    static int NumberLength(int number, int most)
    {
        var length = 2;
        for (number -= most; number >= 128; number >>= 7) length++;
        return length;
    }
}
