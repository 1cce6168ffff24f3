using System.Buffers.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>The request of one strand, given on as the text of a request of HTTP/1.1.</summary>
sealed class Asking(Buffers buffers)
{
    /// <summary>What stands around the data of a chunk: up to seven digits and two line ends.</summary>
    const int AroundChunk = 11;

    readonly Inbox _body = new(buffers);
    Basin _head = new(buffers);
    Basin _trailers = new(buffers);
    bool _framed, _chunked, _closed;
    long _declared, _seen;

    /// <summary>Everything has come.</summary>
    public bool Ended { get; private set; }

    /// <summary>It asks for the head of an answer alone.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Bytes of the body that have come and were not taken.</summary>
    public int Held => _body.Count;

    public bool HasMore => !_framed || _head.Count > 0 || _body.Count > 0 || (_chunked && Ended && !_closed);

    /// <summary>Where the head is written.</summary>
    public ref Basin Head => ref _head;

    public void Begin(scoped in RequestFields fields)
    {
        (_framed, _chunked, _closed, Ended) = (false, false, false, false);
        (IsHead, _declared, _seen) = (fields.IsHead, fields.ContentLength, 0);
    }

    public Breach Put(ReadOnlySpan<byte> data)
    {
        _seen += data.Length;
        if (_declared >= 0 && _seen > _declared) return Breach.LengthDiffers;
        _body.Put(data);
        return Breach.None;
    }

    /// <summary>Whose framing has no place for trailers does without (RFC 9110, 6.5.1).</summary>
    public Breach PutTrailer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name is [(byte)':', ..]) return Breach.BadPseudoField;
        if (FieldRules.Judge(name, value) is var bad and not Breach.None) return bad;
        _trailers.Open(Buffers.Small);
        if (_trailers.Room < name.Length + value.Length + 4) return Breach.BadTrailers;
        _trailers.Put(name);
        _trailers.Put(": "u8);
        _trailers.Put(value);
        _trailers.Put("\r\n"u8);
        return Breach.None;
    }

    public Breach End()
    {
        Ended = true;
        return _declared >= 0 && _seen != _declared ? Breach.LengthDiffers : Breach.None;
    }

    /// <summary>How many bytes of the text were given, and how many of them were the body's.</summary>
    public int Give(Span<byte> into, out int data)
    {
        data = 0;
        if (!_framed) Frame();
        var given = Math.Min(_head.Count, into.Length);
        if (given > 0)
        {
            _head.Held[..given].CopyTo(into);
            _head.Skip(given);
            if (_head.Count > 0) return given;
            _head.Close();
        }

        if (_chunked) return GiveChunks(into, given, ref data);
        data = _body.Take(into[given..]);
        return given + data;
    }

    public void Close()
    {
        _head.Close();
        _trailers.Close();
        _body.Close();
    }

    int GiveChunks(Span<byte> into, int given, ref int data)
    {
        while (_body.Count > 0 && into.Length - given > AroundChunk)
        {
            var count = Math.Min(_body.Count, into.Length - given - AroundChunk);
            Utf8Formatter.TryFormat(count, into[given..], out var digits, 'x');
            given += digits;
            "\r\n"u8.CopyTo(into[given..]);
            given += 2;
            given += _body.Take(into.Slice(given, count));
            "\r\n"u8.CopyTo(into[given..]);
            given += 2;
            data += count;
        }

        if (_body.Count > 0 || !Ended || _closed || into.Length - given < _trailers.Count + 5) return given;
        "0\r\n"u8.CopyTo(into[given..]);
        _trailers.Held.CopyTo(into[(given + 3)..]);
        "\r\n"u8.CopyTo(into[(given + 3 + _trailers.Count)..]);
        _closed = true;
        return given + 5 + _trailers.Count;
    }

    /// <summary>
    /// Says how the body is framed, as late as that can be: what is all there by then has a length.
    /// </summary>
    void Frame()
    {
        _framed = true;
        if (_head.Room < 64) _head.Grow();
        if (_declared < 0 && Ended && _trailers.Count == 0)
        {
            // A method that means something by its body says that it has none (RFC 9110, 8.6).
            if (_body.Count > 0 || _head.Held[0] == (byte)'P') PutLength();
        }
        else if (_declared < 0)
        {
            _chunked = true;
            _head.Put("transfer-encoding: chunked\r\n"u8);
        }

        _head.Put("\r\n"u8);
    }

    void PutLength()
    {
        _head.Put("content-length: "u8);
        Utf8Formatter.TryFormat(_body.Count, _head.Space, out var digits);
        _head.Advance(digits);
        _head.Put("\r\n"u8);
    }
}
