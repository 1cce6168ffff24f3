using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// The answer of one strand: taken as the text that this gateway writes to clients of HTTP/1.1, which was judged
/// before, and sent as frames.
/// </summary>
sealed class Answering(Strand strand, Buffers buffers)
{
    enum At { Head, Data, Size, SizeLine, DataEnd, Trailers, TrailersEnd, End }

    At _at;
    bool _chunked, _lineBegins;
    long _left;

    /// <summary>What may be said in this turn.</summary>
    int _allowed;
    Basin _trailers = new(buffers);

    /// <summary>The client knows that nothing more comes.</summary>
    public bool Ended => _at == At.End;

    public bool IsAtHead => _at == At.Head;
    public bool IsInBody => _at == At.Data;

    public void Begin() => (_at, _chunked, _left) = (At.Head, false, 0);

    public void Close() => _trailers.Close();

    /// <summary>How many bytes of the text were taken. A head comes as a whole.</summary>
    public int Take(ReadOnlySpan<byte> text)
    {
        var taken = 0;
        _allowed = strand.Trunk.HasWaiting ? Frame.LengthMax : int.MaxValue;
        while (taken < text.Length && !Ended)
        {
            var count = Step(text[taken..]);
            if (count == 0) break;
            taken += count;
        }

        return Ended ? text.Length : taken;
    }

    /// <summary>Where nothing but the end of the connection tells that the body is whole, it is told now.</summary>
    public void EndByClosing()
    {
        if (_at != At.Data || _chunked || _left >= 0 || !strand.Trunk.Outbox.HasRoomForBlock(0)) return;
        strand.Trunk.Outbox.PutData(strand.Id, [], endsStream: true);
        _at = At.End;
    }

    int Step(ReadOnlySpan<byte> text)
    {
        switch (_at)
        {
            case At.Head:
                return TakeHead(text);
            case At.Data when _chunked:
                return TakeData(text[..(int)Math.Min(_left, text.Length)], At.DataEnd);
            case At.Data:
                return _left < 0
                    ? TakeData(text, At.Data)
                    : TakeData(text[..(int)Math.Min(_left, text.Length)], At.End);
            case At.Size when char.IsAsciiHexDigit((char)text[0]):
                _left = (_left << 4) | (uint)((text[0] & 0xF) + (text[0] >= (byte)'A' ? 9 : 0));
                return 1;
            case At.Size:
                _at = At.SizeLine;
                return SkipLine(text);
            case At.SizeLine:
                return SkipLine(text);
            case At.DataEnd:
                if (text[0] == (byte)'\n') (_at, _left) = (At.Size, 0);
                return 1;
            case At.Trailers:
                return TakeTrailer(text[0]);
            default:
                return EndChunks() ? 1 : 0;
        }
    }

    int SkipLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        if (end < 0) return text.Length;
        (_at, _lineBegins) = (_left == 0 ? At.Trailers : At.Data, true);
        return end + 1;
    }

    int TakeTrailer(byte letter)
    {
        if (_lineBegins && letter == (byte)'\r')
        {
            _at = At.TrailersEnd;
            return 1;
        }

        _trailers.Open(Buffers.Small);
        if (_trailers.Room == 0) _trailers.Grow();
        _trailers.Put([letter]);
        _lineBegins = letter == (byte)'\n';
        return 1;
    }

    int TakeHead(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOf("\r\n\r\n"u8) + 4;
        var outbox = strand.Trunk.Outbox;
        if (!outbox.HasRoomForBlock(length + AnswerFields.Excess)) return 0;
        var fields = new AnswerFields(outbox.BeginBlock());
        if (strand.Trunk.MustSayNoTable()) fields.SayNoTable();
        fields.WriteHead(text[..length]);
        (_chunked, _left) = (fields.IsChunked, fields.ContentLength);
        if (fields.Status >= 200)
        {
            var empty = strand.Asking.IsHead || fields.Status is 204 or 304 || (!_chunked && _left == 0);
            if (_chunked) _left = 0;
            _at = empty ? At.End : _chunked ? At.Size : At.Data;
        }

        outbox.EndBlock(fields.Length, strand.Id, Ended);
        return length;
    }

    /// <summary>As much as both windows and the outbox allow; a frame at a time when others wait too.</summary>
    int TakeData(ReadOnlySpan<byte> data, At then)
    {
        var trunk = strand.Trunk;
        var taken = 0;
        do
        {
            var count = Math.Min(Math.Min(data.Length - taken, Frame.LengthMax), Math.Min(strand.Window, trunk.Window));
            count = Math.Min(count, _allowed);
            if (count > 0) count = Math.Min(count, trunk.Outbox.RoomForData);
            if (count <= 0) break;
            if (_left >= 0) _left -= count;
            var ends = then == At.End && _left == 0;
            trunk.Outbox.PutData(strand.Id, data.Slice(taken, count), ends);
            strand.Sent(count);
            taken += count;
            _allowed -= count;
            if (_left == 0) _at = then;
        }
        while (taken < data.Length);
        return taken;
    }

    bool EndChunks()
    {
        var outbox = strand.Trunk.Outbox;
        if (_trailers.Count == 0)
        {
            if (!outbox.HasRoomForBlock(0)) return false;
            outbox.PutData(strand.Id, [], endsStream: true);
        }
        else
        {
            if (!outbox.HasRoomForBlock(_trailers.Count + AnswerFields.Excess)) return false;
            _trailers.Put("\r\n"u8);
            var fields = new AnswerFields(outbox.BeginBlock());
            if (strand.Trunk.MustSayNoTable()) fields.SayNoTable();
            fields.WriteLines(_trailers.Held);
            outbox.EndBlock(fields.Length, strand.Id, endsStream: true);
            _trailers.Close();
        }

        _at = At.End;
        return true;
    }
}
