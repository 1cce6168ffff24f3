using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// The fields of a request on their way to the head of one of HTTP/1.1, of which the last line is left open: how the
/// body is framed is known later. What breaks a rule of RFC 9113, 8.2 and 8.3 is not passed on.
/// </summary>
ref struct RequestFields
{
    /// <summary>What a field counts beside its letters (RFC 9113, 6.5.2).</summary>
    const int FieldOverhead = 32;

    readonly ref Basin _head;
    readonly Span<byte> _stash;
    readonly int _sizeMax;
    Head.Slice _method, _path, _authority, _scheme;
    int _pseudo, _cookies, _size;
    bool _inFields, _hasHost;

    /// <param name="head">Where the head is written.</param>
    /// <param name="stash">Twice as large as the list of fields may be: pseudo-fields may come in any order, and
    /// cookies in pieces.</param>
    /// <param name="sizeMax">How large the list of fields may be.</param>
    public RequestFields(ref Basin head, Span<byte> stash, int sizeMax)
    {
        _head = ref head;
        _stash = stash;
        _sizeMax = _cookies = sizeMax;
        _head.Open(Buffers.Small);
    }

    public Breach Breach { get; private set; }

    /// <summary>Why the client is answered at once, in words that it understands.</summary>
    public Refusal Refusal { get; private set; }

    public readonly bool IsHead => At(_method).SequenceEqual("HEAD"u8);

    /// <summary>Negative when it is not told.</summary>
    public long ContentLength { get; private set; } = -1;

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // The rest is read all the same: the table of the connection has to learn it.
        if (Breach != Breach.None || Refusal != Refusal.None) return;
        _size += name.Length + value.Length + FieldOverhead;
        if (_size > _sizeMax) Refusal = Refusal.HeadTooLarge;
        else if (name is [(byte)':', ..]) Breach = AddPseudo(name, value);
        else if (FieldRules.Judge(name, value) is var bad and not Breach.None) Breach = bad;
        else if (_inFields || Begin()) Breach = AddField(name, value);
    }

    public void Finish()
    {
        if (Breach != Breach.None || Refusal != Refusal.None || (!_inFields && !Begin())) return;
        if (_cookies > _sizeMax) Line("cookie"u8, _stash[_sizeMax.._cookies]);
    }

    Breach AddPseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_inFields || value.Length == 0 || value.ContainsAny(Grammar.Controls) || value.ContainsAny(" \t"u8))
            return Breach.BadPseudoField;
        ref var range = ref _method;
        if (name.SequenceEqual(":path"u8)) range = ref _path;
        else if (name.SequenceEqual(":authority"u8)) range = ref _authority;
        else if (name.SequenceEqual(":scheme"u8)) range = ref _scheme;
        else if (!name.SequenceEqual(":method"u8)) return Breach.BadPseudoField;
        if (range.Length > 0) return Breach.BadPseudoField;
        value.CopyTo(_stash[_pseudo..]);
        range = new(_pseudo, value.Length);
        _pseudo += value.Length;
        return Breach.None;
    }

    /// <summary>The request line, once all of it is known. False when it cannot be.</summary>
    bool Begin()
    {
        _inFields = true;
        var method = At(_method);
        var path = At(_path);
        var scheme = At(_scheme);
        if (method.SequenceEqual("CONNECT"u8))
        {
            Refusal = Refusal.MethodNotSupported;
            return false;
        }

        if (!Grammar.IsToken(method) || path.Length == 0 || (path[0] != (byte)'/' && !path.SequenceEqual("*"u8))
            || !(scheme.SequenceEqual("https"u8) || scheme.SequenceEqual("http"u8)))
        {
            Breach = Breach.BadPseudoField;
            return false;
        }

        Reserve(method.Length + path.Length + 16);
        _head.Put(method);
        _head.Put(" "u8);
        _head.Put(path);
        _head.Put(" HTTP/1.1\r\n"u8);
        if (_authority.Length > 0) Line("host"u8, At(_authority));
        return true;
    }

    Breach AddField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (KnownNames.Of(name))
        {
            case Known.Host:
                return AddHost(value);
            case Known.ContentLength:
                if (ContentLength >= 0 || !Grammar.TryLength(value, out var length)) return Breach.BadContentLength;
                ContentLength = length;
                break;
            case Known.None when name.SequenceEqual("cookie"u8):
                AddCookie(value);
                return Breach.None;
        }

        Line(name, value);
        return Breach.None;
    }

    Breach AddHost(ReadOnlySpan<byte> value)
    {
        var authority = At(_authority);
        if (_hasHost || (authority.Length > 0 && !Ascii.EqualsIgnoreCase(authority, value))) return Breach.HostDiffers;
        _hasHost = true;
        if (authority.Length == 0) Line("host"u8, value);
        return Breach.None;
    }

    /// <summary>What came in pieces is one line in HTTP/1.1 (RFC 9113, 8.2.3).</summary>
    void AddCookie(ReadOnlySpan<byte> value)
    {
        if (_cookies > _sizeMax)
        {
            "; "u8.CopyTo(_stash[_cookies..]);
            _cookies += 2;
        }

        value.CopyTo(_stash[_cookies..]);
        _cookies += value.Length;
    }

    void Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Reserve(name.Length + value.Length + 4);
        _head.Put(name);
        _head.Put(": "u8);
        _head.Put(value);
        _head.Put("\r\n"u8);
    }

    readonly Span<byte> At(Head.Slice slice) => _stash.Slice(slice.Start, slice.Length);

    void Reserve(int count)
    {
        if (_head.Room < count) _head.Grow();
    }
}
