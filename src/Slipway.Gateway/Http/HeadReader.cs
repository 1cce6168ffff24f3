using System.Text;

namespace Slipway.Gateway.Http;

/// <summary>How far a message has come.</summary>
enum Progress { More, Whole, Refused }

/// <summary>
/// What reading a request's and an answer's head have in common: line after line, each judged once it is whole, so that
/// it makes no difference in which pieces they come.
/// </summary>
abstract class HeadReader(WireLimits limits)
{
    int _at;
    bool _inFields;

    public Refusal Refusal { get; private set; }

    protected WireLimits Limits { get; } = limits;
    protected byte[] Bytes { get; private set; } = [];

    /// <summary>The first line may not be longer than this.</summary>
    protected abstract int FirstLineBytes { get; }
    protected abstract Refusal FirstLineTooLong { get; }

    protected abstract Refusal ReadFirstLine(int start, int length);
    protected abstract Refusal Finish();

    protected void Restart(int start) => (_at, _inFields, Refusal) = (start, false, Refusal.None);

    /// <summary>Goes on where the last call had to stop; what came meanwhile ends at <paramref name="end"/>.</summary>
    protected Progress Read(Head head, byte[] bytes, int end)
    {
        // What was refused once stays refused.
        if (Refusal != Refusal.None) return Progress.Refused;
        Bytes = bytes;
        var last = Math.Min(end, head.Start + Limits.HeadBytes);
        while (true)
        {
            var limit = _inFields ? last : Math.Min(last, head.Start + FirstLineBytes);
            var window = bytes.AsSpan(_at, Math.Max(0, limit - _at));
            if (Find(window, out var length) is var bad and not Refusal.None) return Refuse(bad);
            if (length < 0)
                return limit == end && limit < (_inFields ? head.Start + Limits.HeadBytes : head.Start + FirstLineBytes)
                    ? Progress.More
                    : Refuse(_inFields ? Refusal.HeadTooLarge : FirstLineTooLong);
            var start = _at;
            _at += length + 2;
            if (_inFields && length == 0) return End(head);
            if (ReadLine(head, start, length) is var wrong and not Refusal.None) return Refuse(wrong);
        }
    }

    Refusal ReadLine(Head head, int start, int length)
    {
        if (_inFields) return ReadField(head, start, length);
        // One empty line before a message is left over from the one before it.
        if (length == 0 && start == head.Start) return Refusal.None;
        _inFields = true;
        return ReadFirstLine(start, length);
    }

    Progress End(Head head)
    {
        head.End = _at;
        return Finish() is var bad and not Refusal.None ? Refuse(bad) : Progress.Whole;
    }

    Progress Refuse(Refusal refusal)
    {
        Refusal = refusal;
        return Progress.Refused;
    }

    /// <summary>Negative when the end of the line has not come.</summary>
    static Refusal Find(ReadOnlySpan<byte> window, out int length)
    {
        length = window.IndexOfAny(Grammar.Controls);
        if (length < 0) return Refusal.None;
        switch (window[length])
        {
            case (byte)'\n':
                return Refusal.BareLineFeed;
            case (byte)'\r' when length + 1 == window.Length:
                length = -1;
                return Refusal.None;
            case (byte)'\r':
                return window[length + 1] == (byte)'\n' ? Refusal.None : Refusal.BareCarriageReturn;
            default:
                return Refusal.ControlByte;
        }
    }

    Refusal ReadField(Head head, int start, int length)
    {
        var line = Bytes.AsSpan(start, length);
        if (line[0] is (byte)' ' or (byte)'\t') return Refusal.Folded;
        var colon = line.IndexOfAnyExcept(Grammar.Token);
        if (colon <= 0 || line[colon] != (byte)':') return BadName(line, colon);
        if (head.Count == Limits.Fields) return Refusal.TooManyFields;
        var (from, to) = (colon + 1, length);
        while (from < to && line[from] is (byte)' ' or (byte)'\t') from++;
        while (to > from && line[to - 1] is (byte)' ' or (byte)'\t') to--;
        var seen = head.Seen;
        var known = head.Add(new(start, colon), new(start + from, to - from), start + length + 2);
        return known == Known.None ? Refusal.None : Judge(head, known, line[from..to], (seen & known) != 0);
    }

    static Refusal BadName(ReadOnlySpan<byte> line, int end) =>
        end > 0 && line[end] is (byte)' ' or (byte)'\t' && line[end..].TrimStart(" \t"u8).StartsWith(":"u8)
            ? Refusal.SpaceBeforeColon
            : Refusal.BadFieldName;

    static Refusal Judge(Head head, Known known, ReadOnlySpan<byte> value, bool again)
    {
        switch (known)
        {
            case Known.Host:
                return again ? Refusal.RepeatedHost : Refusal.None;
            case Known.ContentLength:
                if (again) return Refusal.RepeatedContentLength;
                if (!Grammar.TryLength(value, out var length)) return Refusal.BadContentLength;
                head.ContentLength = length;
                return Refusal.None;
            case Known.TransferEncoding:
                return again ? Refusal.BadCoding : JudgeCoding(value);
            default:
                return Refusal.None;
        }
    }

    /// <summary>Chunked alone is understood; others before it are legal, and whatever else cannot be framed.</summary>
    static Refusal JudgeCoding(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "chunked"u8)) return Refusal.None;
        while (true)
        {
            var comma = value.IndexOf((byte)',');
            var coding = Grammar.Trimmed(comma < 0 ? value : value[..comma]);
            var isChunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
            if (comma < 0) return isChunked ? Refusal.UnknownCoding : Refusal.BadCoding;
            if (isChunked || !Grammar.IsToken(coding)) return Refusal.BadCoding;
            value = value[(comma + 1)..];
        }
    }
}
