using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// A client's connection, for one request after the other. While it is idle it holds next to nothing.
/// </summary>
sealed class Connection
{
    readonly Worker _worker;
    Passage? _passage;
    Trunk? _trunk;
    bool _abandoned, _isIdle;

    public Connection(Worker worker, Wire wire)
    {
        (_worker, Wire) = (worker, wire);
        Place = new(this);
    }

    public LinkedListNode<Connection> Place { get; }
    public Wire Wire { get; }
    public required Door Door { get; set; }
    public required Caller Caller { get; set; }

    /// <summary>What begins with the words of HTTP/2 goes on with it.</summary>
    public bool MayTurn { get; private set; }

    public async Flow<bool> Run()
    {
        try
        {
            if (await Agree())
            {
                MayTurn = !Caller.Secure && Door.TakesHttp2(secure: false);
                while (!Wire.SpeaksHttp2 && await Next()) { }
                if (Wire.SpeaksHttp2 || _passage is { HasTurned: true }) await RunTrunk();
                if (!_abandoned) await Linger();
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // One connection's fault must not end the others.
            _worker.Fail(fault);
        }
        finally
        {
            if (_passage is { } passage) _worker.Return(passage);
            Wire.Close();
            _worker.Left(this);
        }

        return true;
    }

    /// <summary>One request alone, which came in as a stream of HTTP/2.</summary>
    public async Flow<bool> RunOnce()
    {
        _abandoned = false;
        var passage = _worker.Rent(this);
        try
        {
            if (await passage.ReadHead() && await passage.Forward()) passage.Finish();
            if (!_abandoned) Wire.EndSending();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _worker.Fail(fault);
        }
        finally
        {
            _worker.Return(passage);
            Wire.Close();
        }

        return true;
    }

    /// <summary>Whoever is idle is given a last chance to ask; others end with their request.</summary>
    public void Drain()
    {
        if (_trunk is { } trunk) trunk.Drain();
        else if (_isIdle) Wire.Until(_worker.Limits.LastCall);
    }

    /// <summary>HTTP/2 has a word for it; to others it is said with their next answer.</summary>
    public void LeaveDoor() => _trunk?.Drain();

    /// <summary>Nobody is to take what he has got for the whole: no end in good order. Always false.</summary>
    public bool Abandon()
    {
        _abandoned = true;
        return false;
    }

    async Flow<bool> Agree()
    {
        if (!Caller.Secure) return true;
        if (!await Wire.Agree())
        {
            _worker.Tally.HandshakesFailed++;
            return false;
        }

        _worker.Tally.Handshakes++;
        return true;
    }

    async Flow<bool> Next()
    {
        if (_passage is not { HasMore: true } && !Wire.CanRead)
        {
            if (_passage is { } passage) _worker.Return(passage);
            _passage = null;
            _isIdle = true;
            Wire.Until(_worker.IsDraining ? _worker.Limits.LastCall : _worker.Limits.KeepAlive);
            while (!Wire.CanRead && !Wire.IsOver) await Wire.Readable();
            _isIdle = false;
            if (Wire.IsOver) return false;
        }

        _passage ??= _worker.Rent(this);
        if (!await _passage.ReadHead() || !await _passage.Forward()) return false;
        _passage.Finish();
        MayTurn = false;
        return true;
    }

    async Flow<bool> RunTrunk()
    {
        _trunk = new(_worker, Wire, Door, Caller);
        await _trunk.Run(_passage?.Came ?? default);
        return true;
    }

    /// <summary>
    /// Whoever still sends gets a reset when we close, and may lose the last answer by it. So we stop speaking, and
    /// listen until the client has stopped too, for a while.
    /// </summary>
    async Flow<bool> Linger()
    {
        if (Wire.IsClosed || Wire.IsBroken || Wire.IsSevered) return true;
        Wire.EndSending();
        Wire.Until(_worker.Limits.Linger);
        while (!Wire.IsOver)
        {
            if (!Wire.CanRead) await Wire.Readable();
            else if (Wire.Receive(_worker.Loop.Buffers.Scratch) < 0) break;
        }

        return true;
    }
}
