using System.Text;

namespace Slipway.Gateway.Http;

/// <summary>Reads the head of a request, and takes nothing that another reader could take for something else.</summary>
sealed class RequestReader(WireLimits limits) : HeadReader(limits)
{
    /// <summary>What stands around the target in a request line.</summary>
    const int AroundTarget = 64;

    readonly WireLimits _limits = limits;

    public RequestHead Head { get; } = new();

    protected override int FirstLineBytes => _limits.TargetBytes + AroundTarget;
    protected override Refusal FirstLineTooLong => Refusal.TargetTooLong;

    public void Begin(byte[] bytes, int start)
    {
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
        if (line.Contains((byte)'\t')) return Refusal.ControlByte;
        var first = line.IndexOf((byte)' ');
        if (first < 0) return Refusal.BadRequestLine;
        var second = line[(first + 1)..].IndexOf((byte)' ');
        if (second < 0) return Refusal.BadRequestLine;
        var method = line[..first];
        if (!Grammar.IsToken(method)) return Refusal.BadMethod;
        if (second == 0) return Refusal.BadTarget;
        if (second > _limits.TargetBytes) return Refusal.TargetTooLong;
        if (ReadVersion(line[(first + second + 2)..]) is var bad and not Refusal.None) return bad;
        Head.Ask(new(start, first), default, default);
        if (first > _limits.MethodBytes || Head.IsConnect || method.SequenceEqual("TRACE"u8))
            return Refusal.MethodNotSupported;
        return ReadTarget(new(start, first), start + first + 1, second);
    }

    Refusal ReadVersion(ReadOnlySpan<byte> version)
    {
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || version[6] != (byte)'.'
            || !char.IsAsciiDigit((char)version[5]) || !char.IsAsciiDigit((char)version[7]))
            return Refusal.BadVersion;
        if (version[5] != (byte)'1' || version[7] > (byte)'1') return Refusal.VersionNotSupported;
        Head.IsOld = version[7] == (byte)'0';
        return Refusal.None;
    }

    Refusal ReadTarget(Head.Slice method, int start, int length)
    {
        var target = Bytes.AsSpan(start, length);
        var path = 0;
        if (target[0] != (byte)'/')
        {
            if (target is [(byte)'*'])
            {
                Head.Ask(method, new(start, 1), default);
                return Head.Method.SequenceEqual("OPTIONS"u8) ? Refusal.None : Refusal.BadTarget;
            }

            path = ReadScheme(start, target);
            if (path == 0) return Refusal.BadTarget;
        }

        var mark = target[path..].IndexOf((byte)'?');
        var end = mark < 0 ? length : path + mark;
        if (!IsPath(target[path..end])) return Refusal.BadTarget;
        if (RoutedPath.HasDotSegment(target[path..end])) return Refusal.DotSegment;
        if (mark >= 0 && target[(end + 1)..].IndexOfAnyExcept(Grammar.Query) >= 0) return Refusal.BadTarget;
        Head.Ask(method, new(start + path, end - path), mark < 0 ? default : new(start + end + 1, length - end - 1));
        return Refusal.None;
    }

    /// <summary>Where the path of an absolute target begins; zero when it is none.</summary>
    int ReadScheme(int start, ReadOnlySpan<byte> target)
    {
        var begin = target.Length > 7 && Ascii.EqualsIgnoreCase(target[..7], "http://"u8) ? 7
            : target.Length > 8 && Ascii.EqualsIgnoreCase(target[..8], "https://"u8) ? 8 : 0;
        if (begin == 0) return 0;
        var length = target[begin..].IndexOfAny((byte)'/', (byte)'?');
        if (length < 0) length = target.Length - begin;
        var host = Authority.HostLength(target.Slice(begin, length));
        if (host == 0) return 0;
        Head.AuthoritySlice = new(start + begin, length);
        Head.For(new(start + begin, host));
        return begin + length;
    }

    static bool IsPath(ReadOnlySpan<byte> path)
    {
        if (path.IndexOfAnyExcept(Grammar.Path) >= 0) return false;
        while (path.IndexOf((byte)'%') is var at and >= 0)
        {
            if (path.Length < at + 3) return false;
            var digits = path.Slice(at + 1, 2);
            if (digits.IndexOfAnyExcept(Grammar.Hex) >= 0 || digits.SequenceEqual("00"u8)) return false;
            path = path[(at + 3)..];
        }

        return true;
    }

    protected override Refusal Finish()
    {
        if (ReadHost() is var bad and not Refusal.None) return bad;
        var coded = Head.Has(Known.TransferEncoding);
        if (coded && Head.Has(Known.ContentLength)) return Refusal.LengthAndCoding;
        if (coded && Head.IsOld) return Refusal.CodingInOldVersion;
        Head.Framing = coded ? Framing.Chunked : Head.ContentLength > 0 ? Framing.Length : Framing.None;
        return Refusal.None;
    }

    Refusal ReadHost()
    {
        var absolute = Head.AuthoritySlice.Length > 0;
        if (!Head.Has(Known.Host)) return Head.IsOld ? Refusal.None : Refusal.NoHost;
        for (var i = 0; ; i++)
        {
            if (Head[i].Known != Known.Host) continue;
            var value = Head[i].Value;
            var length = Authority.HostLength(Head.At(value));
            if (length == 0) return Refusal.BadHost;
            if (absolute && !Ascii.EqualsIgnoreCase(Head.Authority, Head.At(value))) return Refusal.HostDiffers;
            Head.AuthoritySlice = value;
            Head.For(new(value.Start, length));
            return Refusal.None;
        }
    }
}
