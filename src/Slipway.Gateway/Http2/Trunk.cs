using System.Buffers.Binary;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Http2;

/// <summary>
/// A client's HTTP/2 connection (RFC 9113). It takes frames apart and puts them together; what they mean is for its
/// strands.
/// </summary>
sealed class Trunk
{
    /// <summary>After so many bytes at once, others have their turn.</summary>
    const int TurnBytes = 1024 * 1024;

    const int FirstWindow = 65_535;

    readonly Worker _worker;
    readonly Wire _wire;
    readonly Intake _intake;
    readonly Turns _turns;
    readonly Farewell _farewell;
    Basin _in;
    Credit _credit;
    Budget _idle;
    long _idleSince;
    bool _over, _mustSayNoTable;

    public Trunk(Worker worker, Wire wire, Door door, Caller caller)
    {
        (_worker, _wire, Door, Caller) = (worker, wire, door, caller);
        Outbox = new(wire, OnMoved);
        Strands = new(this, worker);
        _turns = new(worker.Loop, Outbox, () => Window > 0);
        _intake = new(this);
        _farewell = new(this);
        _in = new(Buffers);
        _credit = new(Limits.TrunkWindow);
        _idle = new(Limits.IdleFrames, Limits.IdleFramesPerSecond);
        _idleSince = Now;
    }

    public Door Door { get; }
    public Caller Caller { get; }
    public Outbox Outbox { get; }
    public Strands Strands { get; }
    public WireLimits Limits => _worker.Limits;
    public Buffers Buffers => _worker.Loop.Buffers;
    public long Now => _worker.Loop.Now;

    /// <summary>What the client lets us send on all streams together.</summary>
    public int Window { get; private set; } = FirstWindow;

    /// <summary>What the client lets us send on a stream that begins.</summary>
    public int StrandWindow { get; private set; } = FirstWindow;

    /// <summary>Others have to speak before somebody may speak once more.</summary>
    public bool HasWaiting => _turns.Any;

    public bool IsOver => _over || Outbox.IsOver;

    /// <summary>Other streams hold so much that a frame of any more does not fit.</summary>
    public bool HoldsBack => _credit.Left < Frame.LengthMax;

    /// <summary>The client knows that nothing new is taken.</summary>
    public bool TakesNone => _farewell.IsLast;

    /// <summary>Until the client has left, or we have sent it away. Takes over what it has sent already.</summary>
    public async Flow<bool> Run(ReadOnlyMemory<byte> first)
    {
        try
        {
            _in.Open(Transport.Buffers.Large);
            _in.Put(first.Span);
            Greet();
            while (await Next()) { }
        }
        finally
        {
            Outbox.Flush();
            Outbox.Close();
            await Strands.End();
            _in.Close();
            _intake.Close();
        }

        return true;
    }

    /// <summary>Nothing new is taken, as soon as the client can know that; what is under way ends.</summary>
    public void Drain()
    {
        _farewell.Want();
        SetDeadline();
    }

    public void Heard(ReadOnlySpan<byte> ping) => _farewell.Heard(ping);

    /// <summary>A frame that moves nothing. False when there are too many.</summary>
    public bool TakeIdle() => _idle.Take(Now) || Fail(Breach.TooManyIdleFrames);

    /// <summary>Ends all. Always false.</summary>
    public bool Fail(Breach breach)
    {
        _worker.Tally.Count(breach);
        SayGoodbye(Strands.LastId, breach);
        _over = true;
        return false;
    }

    public void SayGoodbye(int last, Breach breach)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, last);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], (int)breach.Code());
        Outbox.PutSmall(FrameKind.GoAway, 0, 0, payload);
    }

    public void EndIfEmpty()
    {
        if (Strands.Count == 0) End();
    }

    /// <summary>What has come on all streams together; false when that was more than may.</summary>
    public bool Take(int count) => _credit.Take(count);

    public void GiveBack(int count)
    {
        if (_credit.GiveBack(count) is var granted and > 0) Grant(0, granted);
    }

    public void Grant(int id, int count) => PutNumber(FrameKind.Window, id, count);

    public void PutNumber(FrameKind kind, int id, int number) => PutOrEnd(Outbox.PutNumber(kind, id, number));

    public void Acknowledge(FrameKind kind, ReadOnlySpan<byte> payload) =>
        PutOrEnd(Outbox.PutSmall(kind, Flags.Acknowledges, 0, payload));

    public void Sent(int count) => Window -= count;

    public bool Widen(int count)
    {
        if ((long)Window + count > int.MaxValue) return Fail(Breach.WindowOverflow);
        Window += count;
        _turns.ServeLater();
        return true;
    }

    public bool WidenAll(int size)
    {
        var change = size - StrandWindow;
        StrandWindow = size;
        return Strands.TryWiden(change) || Fail(Breach.WindowOverflow);
    }

    /// <summary>The client has changed the size of a table that we do not use.</summary>
    public void SayNoTable() => _mustSayNoTable = true;

    public bool MustSayNoTable()
    {
        var must = _mustSayNoTable;
        _mustSayNoTable = false;
        return must;
    }

    /// <summary>Gets its turn when there is room.</summary>
    public void Await(Strand strand) => _turns.Await(strand);

    /// <summary>A strand has ended, and has so many bytes that nobody wants.</summary>
    public void Leave(Strand strand, int held)
    {
        strand.Waiting.List?.Remove(strand.Waiting);
        if (held > 0 && !Outbox.IsOver) GiveBack(held);
        Strands.Leave(strand);
    }

    public void OnEmpty()
    {
        _idleSince = Now;
        if (TakesNone) End();
        else SetDeadline();
    }

    public FieldReader Read(ReadOnlySpan<byte> block) =>
        new(_intake.Table, block, Buffers.Scratch.AsSpan(0, Transport.Buffers.Large));

    void Greet()
    {
        Span<byte> settings = stackalloc byte[4 * SettingsFrame.EntryBytes];
        SettingsFrame.Write(settings, 0, Setting.Streams, Limits.Streams);
        SettingsFrame.Write(settings, 1, Setting.InitialWindow, Limits.StreamWindow);
        SettingsFrame.Write(settings, 2, Setting.HeaderListSize, Limits.HeadBytes);
        SettingsFrame.Write(settings, 3, Setting.NoPriorities, 1);
        Outbox.PutSmall(FrameKind.Settings, 0, 0, settings);
        Grant(0, Limits.TrunkWindow - FirstWindow);
        _worker.Tally.Trunks++;
        if (_worker.IsDraining || Door.IsEmpty) Drain();
    }

    async Flow<bool> Next()
    {
        for (var turn = TurnBytes; turn > 0;)
        {
            var last = Strands.LastId;
            var goesOn = _intake.Take(ref _in);
            if (Strands.LastId > last) _farewell.OnRequests();
            Strands.WakeReady();
            if (!goesOn || IsOver) return false;
            if (_in.Count == 0) _in.Close();
            SetDeadline();
            while (!_wire.CanRead && !_wire.IsOver && !_over) await _wire.Readable();
            if (_over || _wire.IsSevered || _wire.IsClosed) return false;
            if (_wire.IsExpired)
            {
                // There is a last word to say.
                _wire.Until(Timed.Never);
                return Expire();
            }

            _in.Open(Transport.Buffers.Large);
            if (_in.Room < Frame.LengthMax) _in.MoveToFront();
            var received = _in.ReceiveFrom(_wire);
            if (received < 0) return false;
            turn -= received;
        }

        await new Turn(_worker.Loop);
        return true;
    }

    bool Expire()
    {
        if (_intake.IsInside) return Fail(Breach.TooSlow);
        if (_farewell.Expire()) return !_over;
        SayGoodbye(Strands.LastId, Breach.None);
        return false;
    }

    /// <summary>Not at once: whoever has found that it is over may be in the middle of something.</summary>
    void End()
    {
        if (_over) return;
        _over = true;
        _worker.Loop.Later(_wire.Nudge);
    }

    /// <summary>Idle time does not begin anew with frames that ask for nothing.</summary>
    void SetDeadline() => _wire.Until(
        _intake.IsInside ? _intake.Since + (long)Limits.HeadTime.TotalMilliseconds
        : _farewell.Deadline ?? (Strands.Count > 0 ? Timed.Never
            : _idleSince + (long)Limits.KeepAlive.TotalMilliseconds));

    /// <summary>Who asks and does not listen is not served.</summary>
    void PutOrEnd(bool put)
    {
        if (put || _over) return;
        _worker.Tally.Count(Breach.TooManyIdleFrames);
        End();
    }

    void OnMoved()
    {
        if (Outbox.IsOver) End();
        _turns.Serve();
    }
}
