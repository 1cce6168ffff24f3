using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// One stream of HTTP/2 as a wire of its own, on which HTTP/1.1 is spoken: so everything that serves a request need not
/// know of HTTP/2. A loop uses its strands again.
/// </summary>
sealed class Strand : Wire
{
    readonly Worker _worker;
    readonly Connection _connection;
    readonly Answering _answering;
    bool _started, _hasTurn;
    Credit _credit;

    /// <summary>Where on the connection the last of it is, at the furthest; unknown before somebody looks.</summary>
    long _last;

    public Strand(Worker worker) : base(worker.Loop)
    {
        _worker = worker;
        Asking = new(worker.Loop.Buffers);
        _answering = new(this, worker.Loop.Buffers);
        _connection = new(worker, this) { Door = null!, Caller = default };
        Waiting = new(this);
    }

    public Trunk Trunk { get; private set; } = null!;
    public int Id { get; private set; }
    public Asking Asking { get; }

    /// <summary>Among those that have something to say and no place to say it.</summary>
    public LinkedListNode<Strand> Waiting { get; }

    /// <summary>What the client lets us send on this stream.</summary>
    public int Window { get; private set; }

    /// <summary>What comes next needs no window.</summary>
    public bool IsAtHead => _answering.IsAtHead;

    public bool AnswerEnded => _answering.Ended;

    public override bool IsHeldBack => Trunk.HoldsBack;

    public void Begin(Trunk trunk, int id)
    {
        Renew();
        (Trunk, Id, Window, _credit) = (trunk, id, trunk.StrandWindow, new(trunk.Limits.StreamWindow));
        (_started, _hasTurn, CanRead, CanWrite) = (false, false, true, true);
        _last = long.MaxValue;
        _answering.Begin();
    }

    /// <summary>Frames have come for it.</summary>
    public void Go()
    {
        if (IsClosed) return;
        if (_started)
        {
            CanRead = true;
            WakeReader();
            return;
        }

        _started = true;
        (_connection.Door, _connection.Caller) = (Trunk.Door, Trunk.Caller);
        Run().Forget();
    }

    /// <summary>What the client has sent, with its padding; false when that was more than it may.</summary>
    public bool Take(int count) => _credit.Take(count);

    public void GiveBack(int count)
    {
        if (_credit.GiveBack(count) is var granted and > 0 && !Asking.Ended && !IsBroken) Trunk.Grant(Id, granted);
    }

    /// <summary>False when the window becomes larger than it can be.</summary>
    public bool Widen(int count)
    {
        var window = (long)Window + count;
        if (window is > int.MaxValue or < -int.MaxValue) return false;
        Window = (int)window;
        if (Window > 0 && !CanWrite && Waiting.List is null) TakeTurn();
        return true;
    }

    public void Sent(int count)
    {
        (Window, _last) = (Window - count, long.MaxValue);
        Trunk.Sent(count);
    }

    /// <summary>Others have spoken meanwhile.</summary>
    public void TakeTurn()
    {
        (_hasTurn, CanWrite) = (true, true);
        WakeWriter();
    }

    /// <summary>Nothing can be said or heard here any more.</summary>
    public void BreakOff()
    {
        if (IsClosed || IsBroken) return;
        PeerEnded = CanRead = CanWrite = true;
        Break();
        WakeBoth();
    }

    public override int Receive(Span<byte> into)
    {
        if (IsClosed || IsBroken) return Failed;
        var given = Asking.Give(into, out var data);
        if (data > 0)
        {
            Trunk.GiveBack(data);
            GiveBack(data);
        }

        CanRead = Asking.HasMore || Asking.Ended;
        return given > 0 ? given : CanRead ? Ended : Again;
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || IsBroken) return Failed;
        if (bytes.Length == 0) return 0;
        var taken = _hasTurn || IsAtHead || !Trunk.HasWaiting ? _answering.Take(bytes) : 0;
        _hasTurn = false;
        if (taken == bytes.Length) return taken;
        CanWrite = false;
        // With a closed window of its own it waits for that alone.
        if (Window > 0 || !_answering.IsInBody) Trunk.Await(this);
        return taken;
    }

    /// <summary>
    /// Whoever waits for room on the connection waits for all that is before it. With a closed window of its own
    /// nothing counts but what it has said itself: a client that takes other streams does not take this one.
    /// </summary>
    public override Delivery Delivered()
    {
        var all = Trunk.Outbox.Delivered();
        if (Window > 0 || !_answering.IsInBody) return all;
        _last = Math.Min(_last, all.Arrived + all.OnTheWay);
        return all with { Arrived = Math.Min(all.Arrived, _last) };
    }

    public override void EndSending()
    {
        if (!IsClosed && !IsBroken) _answering.EndByClosing();
    }

    async Flow<bool> Run()
    {
        await _connection.RunOnce();
        _worker.Return(this);
        return true;
    }

    protected override void Release()
    {
        var held = Asking.Held;
        Asking.Close();
        _answering.Close();
        Trunk.Leave(this, held);
    }
}
