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
    bool _abandoned;

    public Connection(Worker worker, Wire wire, Door door, Caller caller)
    {
        (_worker, Wire, Door, Caller) = (worker, wire, door, caller);
        Place = new(this);
    }

    public LinkedListNode<Connection> Place { get; }
    public Wire Wire { get; }
    public Door Door { get; }
    public Caller Caller { get; }
    public bool IsIdle { get; private set; }

    public async Flow<bool> Run()
    {
        try
        {
            if (await Agree())
            {
                while (await Next()) { }
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
            IsIdle = true;
            Wire.Until(_worker.IsDraining ? _worker.Limits.LastCall : _worker.Limits.KeepAlive);
            while (!Wire.CanRead && !Wire.IsOver) await Wire.Readable();
            IsIdle = false;
            if (Wire.IsOver) return false;
        }

        _passage ??= _worker.Rent(this);
        if (!await _passage.ReadHead() || !await _passage.Forward()) return false;
        _passage.Finish();
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
