namespace Slipway.Gateway.Forwarding;

/// <summary>
/// Knows where one frame of a WebSocket ends and the next begins (RFC 6455 5.2), and nothing else of it.
/// </summary>
struct FrameReader
{
    int _header, _headerLength;
    byte _second;
    long _left;

    public readonly bool IsBetween => _header == 0 && _left == 0;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_header == 0 && _left > 0)
            {
                var skipped = (int)Math.Min(_left, bytes.Length);
                _left -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            TakeHeader(bytes[0]);
            bytes = bytes[1..];
        }
    }

    void TakeHeader(byte c)
    {
        var at = _header++;
        if (at == 1) Begin(c);
        else if (at > 1 && at < 2 + LengthBytes) _left = (_left << 8) | c;
        if (at < 1 || _header < _headerLength) return;
        _header = 0;
        // What is longer than there can be is for the two sides to settle.
        _left &= long.MaxValue;
    }

    void Begin(byte second)
    {
        _second = second;
        _headerLength = 2 + LengthBytes + ((second & 0x80) != 0 ? 4 : 0);
        _left = LengthBytes == 0 ? second & 0x7F : 0;
    }

    readonly int LengthBytes => (_second & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };
}
