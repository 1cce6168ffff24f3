namespace Slipway.Gateway.Http;

/// <summary>
/// Reads the head of an answer as strictly as that of a request: what upstreams say reaches browsers.
/// </summary>
sealed class ResponseReader(WireLimits limits) : HeadReader(limits)
{
    bool _toHead;

    public ResponseHead Head { get; } = new();

    protected override int FirstLineBytes => Limits.HeadBytes;
    protected override Refusal FirstLineTooLong => Refusal.HeadTooLarge;

    /// <summary>Whether it answers a HEAD decides whether there is a body.</summary>
    public void Begin(byte[] bytes, int start, bool toHead)
    {
        _toHead = toHead;
        Head.Begin(bytes, start);
        Restart(start);
    }

    public Progress Read(byte[] bytes, int end)
    {
        Head.Move(bytes);
        return Read(Head, bytes, end);
    }

    protected override Refusal ReadFirstLine(int start, int length)
    {
        var line = Bytes.AsSpan(start, length);
        if (length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != (byte)' ' || !Grammar.TryLength(line[9..12], out var status) || status is < 100 or > 599)
            return Refusal.BadStatusLine;
        // Some leave out the space together with the reason.
        if (length > 12 && line[12] != (byte)' ') return Refusal.BadStatusLine;
        Head.IsOld = line[7] == (byte)'0';
        Head.Answer((int)status, length > 13 ? new(start + 13, length - 13) : default);
        return Refusal.None;
    }

    protected override Refusal Finish()
    {
        var coded = Head.Has(Known.TransferEncoding);
        var told = Head.Has(Known.ContentLength);
        if (coded && told) return Refusal.LengthAndCoding;
        if (coded && Head.IsOld) return Refusal.CodingInOldVersion;
        Head.Framing = _toHead || Head.Status is < 200 or 204 or 304 ? Framing.None
            : coded ? Framing.Chunked
            : !told ? Framing.UntilClose
            : Head.ContentLength > 0 ? Framing.Length : Framing.None;
        return Refusal.None;
    }
}
