using System.Runtime.CompilerServices;

namespace Slipway.Gateway.Transport;

/// <summary>
/// One connection, as its loop sees it: bytes, and whether more can be read or written. What the bytes go through
/// stands below: a socket alone, or TLS on it.
/// </summary>
abstract class Wire(Loop loop) : Timed(loop)
{
    public const int Again = 0, Ended = -1, Failed = -2;

    Action? _reader, _writer, _other;

    /// <summary>Something may be there. Set by events, cleared when a call finds nothing.</summary>
    public bool CanRead { get; protected set; }
    public bool CanWrite { get; protected set; }

    /// <summary>The other side sends no more.</summary>
    public bool PeerEnded { get; protected set; }

    /// <summary>Both directions are over, or there was an error.</summary>
    public bool IsBroken { get; private set; }
    public bool IsClosed { get; private set; }

    /// <summary>The deadline has passed; whoever waits is woken.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>Somebody else has ended what goes on here; whoever waits is woken.</summary>
    public bool IsSevered { get; private set; }

    /// <summary>
    /// Asked when the deadline has passed, before that counts: true when there is reason to go on, and a new deadline.
    /// </summary>
    public Func<bool>? Appeal { get; set; }

    /// <summary>It makes no sense to go on here when this one breaks.</summary>
    public Wire? Partner { get; set; }

    /// <summary>There is nothing more to wait for.</summary>
    public bool IsOver => IsClosed || IsExpired || IsSevered;

    /// <summary>More than zero: so many bytes; otherwise <see cref="Again"/> and its like.</summary>
    public abstract int Receive(Span<byte> into);

    /// <summary>How many bytes were taken; otherwise <see cref="Again"/> or <see cref="Failed"/>.</summary>
    public abstract int Send(ReadOnlySpan<byte> bytes);

    /// <summary>How much of all that was sent has arrived at the other side. Asks the kernel.</summary>
    public abstract Delivery Delivered();

    /// <summary>What both sides have to agree on before the first byte.</summary>
    public virtual Flow<bool> Agree() => new(null, true);

    /// <summary>The other side may send nothing now, because we do not let it.</summary>
    public virtual bool IsHeldBack => false;

    /// <summary>Both sides have agreed on HTTP/2.</summary>
    public virtual bool SpeaksHttp2 => false;

    /// <summary>Says that nothing more comes from here.</summary>
    public abstract void EndSending();

    /// <summary>Waits until there may be something to read, or it is over.</summary>
    public Readiness Readable() => new(this, On.Reading);

    public Readiness Writable() => new(this, On.Writing);

    /// <summary>Waits until somebody nudges, or until it is over or broken; not for bytes.</summary>
    public Readiness Nudged() => new(this, On.Nudge);

    /// <summary>Wakes whoever waits here, to look anew.</summary>
    public void Nudge()
    {
        WakeOther();
        WakeBoth();
    }

    public void Until(long deadline)
    {
        IsExpired = false;
        Deadline = deadline;
    }

    public void Until(TimeSpan time) => Until(Loop.In(time));

    /// <summary>As if the deadline had passed.</summary>
    public void Expire()
    {
        IsExpired = true;
        Nudge();
    }

    public void Sever()
    {
        IsSevered = true;
        Nudge();
    }

    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        Loop.Wheel.Remove(this);
        Release();
        Nudge();
    }

    /// <summary>Lets go of what it stands on.</summary>
    protected abstract void Release();

    protected void Break()
    {
        IsBroken = true;
        Partner?.Sever();
        WakeOther();
    }

    /// <summary>From here on it is another one.</summary>
    protected void Renew()
    {
        (IsClosed, IsBroken, IsExpired, IsSevered, PeerEnded, Partner) = (false, false, false, false, false, null);
        (Deadline, Appeal) = (Never, null);
    }

    internal override void OnDeadline()
    {
        if (Appeal?.Invoke() != true) Expire();
    }

    /// <summary>For a layer that has to write in order to read, or the other way round.</summary>
    protected void WakeBoth()
    {
        WakeReader();
        WakeWriter();
    }

    protected void WakeReader() => Wake(ref _reader);

    protected void WakeWriter() => Wake(ref _writer);

    /// <summary>Whoever waits for no bytes.</summary>
    protected void WakeOther() => Wake(ref _other);

    static void Wake(ref Action? waiting)
    {
        var woken = waiting;
        waiting = null;
        woken?.Invoke();
    }

    internal enum On { Reading, Writing, Nudge }

    internal readonly struct Readiness(Wire wire, On what) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => wire.IsOver || what switch
        {
            On.Reading => wire.CanRead,
            On.Writing => wire.CanWrite,
            _ => wire.IsBroken,
        };

        public Readiness GetAwaiter() => this;
        public void GetResult() { }
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            if (what == On.Reading) wire._reader = continuation;
            else if (what == On.Writing) wire._writer = continuation;
            else wire._other = continuation;
        }
    }
}

/// <summary>Of everything that was ever sent on a connection.</summary>
/// <param name="Arrived">So much the other side's system has acknowledged; counts from anywhere.</param>
/// <param name="OnTheWay">So much is still here, or between.</param>
readonly record struct Delivery(long Arrived, long OnTheWay);
