using System.Buffers.Text;

namespace Slipway.Gateway.Forwarding;

/// <summary>Writes one thing behind the other into a buffer that is known to be large enough.</summary>
ref struct Pen(Span<byte> into)
{
    readonly Span<byte> _into = into;

    public int Length { get; private set; }

    public readonly Span<byte> Rest => _into[Length..];

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_into[Length..]);
        Length += text.Length;
    }

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _into[Length..], out var count);
        Length += count;
    }

    public void WriteHex(ulong number)
    {
        Utf8Formatter.TryFormat(number, _into[Length..], out var count, new('x', 16));
        Length += count;
    }

    public void Skip(int count) => Length += count;
}
