namespace Slipway.Gateway.Transport;

/// <summary>
/// TLS on a socket. What OpenSSL has read ahead is told by no event, so there is more to read until it says otherwise.
/// </summary>
sealed class TlsWire : Wire
{
    readonly TimeSpan _handshake;
    nint _ssl;
    bool _agreed, _failed, _readNeedsWrite, _writeNeedsRead;

    public TlsWire(Loop loop, int fd, TlsContext context, TimeSpan handshake) : base(loop, fd)
    {
        _handshake = handshake;
        _ssl = context.Use(handle => OpenSsl.NewServer(handle, fd));
    }

    public override bool SpeaksHttp2 => _agreed && OpenSsl.ChoseHttp2(_ssl);

    public override async Flow<bool> Agree()
    {
        if (_ssl == 0) return false;
        Until(_handshake);
        while (true)
        {
            var result = OpenSsl.Shake(_ssl);
            if (result > 0) break;
            if (result is not (-OpenSsl.WantRead or -OpenSsl.WantWrite))
            {
                _failed = true;
                return false;
            }

            if (result == -OpenSsl.WantRead)
            {
                CanRead = false;
                await Readable();
            }
            else
            {
                CanWrite = false;
                await Writable();
            }

            if (IsOver) return false;
        }

        // What came together with the last word of the handshake lies within.
        (_agreed, CanRead) = (true, true);
        Until(Never);
        return true;
    }

    public override int Receive(Span<byte> into)
    {
        if (IsClosed || _failed) return Failed;
        var count = OpenSsl.Read(_ssl, into);
        if (count > 0) return count;
        switch (-count)
        {
            case OpenSsl.WantRead:
                CanRead = false;
                return Again;
            case OpenSsl.WantWrite:
                (CanRead, CanWrite, _readNeedsWrite) = (false, false, true);
                return Again;
            case OpenSsl.PeerClosed:
                return Ended;
            default:
                _failed = true;
                return Failed;
        }
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || _failed) return Failed;
        if (bytes.Length == 0) return 0;
        var count = OpenSsl.Write(_ssl, bytes);
        if (count > 0) return count;
        switch (-count)
        {
            case OpenSsl.WantWrite:
                CanWrite = false;
                return Again;
            case OpenSsl.WantRead:
                (CanWrite, _writeNeedsRead) = (false, true);
                return Again;
            default:
                _failed = true;
                return Failed;
        }
    }

    public override void EndSending()
    {
        if (_agreed && !_failed) OpenSsl.SayGoodbye(_ssl);
        base.EndSending();
    }

    protected override void OnReady()
    {
        if (_readNeedsWrite && CanWrite) (_readNeedsWrite, CanRead) = (false, true);
        else if (_writeNeedsRead && CanRead) (_writeNeedsRead, CanWrite) = (false, true);
        else return;
        WakeBoth();
    }

    protected override void Release()
    {
        if (_ssl != 0) OpenSsl.Free(_ssl);
        _ssl = 0;
    }
}
