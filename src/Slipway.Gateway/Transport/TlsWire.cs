namespace Slipway.Gateway.Transport;

/// <summary>
/// TLS on a socket. What lies within OpenSSL is told by no event, so there is more to read as long as anything is
/// there.
/// </summary>
sealed class TlsWire : WatchedWire
{
    readonly TimeSpan _handshake;
    nint _ssl;
    bool _agreed, _failed, _speaksHttp2, _readNeedsWrite, _writeNeedsRead;

    /// <summary>The socket may hold something that we have not taken.</summary>
    bool _socketHolds;

    public TlsWire(Loop loop, int fd, TlsContext context, TimeSpan handshake) : base(loop, fd)
    {
        _handshake = handshake;
        _ssl = context.Use(handle => OpenSsl.NewServer(handle, fd));
    }

    public override bool SpeaksHttp2 => _speaksHttp2;

    public override async Flow<bool> Agree()
    {
        if (_ssl == 0) return false;
        Until(_handshake);
        while (true)
        {
            var result = OpenSsl.Shake(_ssl);
            if (result > 0) break;
            if (result == -OpenSsl.WantRead && Fill() is var filled and not Again)
            {
                if (filled > 0) continue;
                return false;
            }

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
        _speaksHttp2 = OpenSsl.ChoseHttp2(_ssl);
        (_agreed, CanRead) = (true, _socketHolds || OpenSsl.Holds(_ssl));
        Until(Never);
        return true;
    }

    public override int Receive(Span<byte> into)
    {
        if (IsClosed || _failed) return Failed;
        while (true)
        {
            var count = Read(into);
            if (count != Again || !_socketHolds) return count;
            if (Fill() is var filled and < 0) return filled;
        }
    }

    int Read(Span<byte> into)
    {
        var count = OpenSsl.Read(_ssl, into);
        if (count > 0)
        {
            CanRead = _socketHolds || OpenSsl.Holds(_ssl);
            return count;
        }

        switch (-count)
        {
            case OpenSsl.WantRead:
                CanRead = _socketHolds;
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

    /// <summary>From the socket into OpenSSL. Less than there was room for was everything.</summary>
    int Fill()
    {
        if (!_socketHolds) return Again;
        var scratch = Loop.Buffers.Encrypted;
        var count = Native.Receive(Fd, scratch);
        _socketHolds = count == scratch.Length || (count > 0 && PeerEnded) || count == -Native.Interrupted;
        if (count > 0)
        {
            OpenSsl.Feed(_ssl, scratch.AsSpan(0, count));
            return count;
        }

        if (count == 0) return Ended;
        return count is -Native.Again or -Native.Interrupted ? Again : Failed;
    }

    protected override void OnReady()
    {
        if (CanRead) _socketHolds = true;
        if (_readNeedsWrite && CanWrite) (_readNeedsWrite, CanRead) = (false, true);
        else if (_writeNeedsRead && CanRead) (_writeNeedsRead, CanWrite) = (false, true);
        else return;
        WakeBoth();
    }

    protected override void Release()
    {
        if (_ssl != 0) OpenSsl.Free(_ssl);
        _ssl = 0;
        base.Release();
    }
}
