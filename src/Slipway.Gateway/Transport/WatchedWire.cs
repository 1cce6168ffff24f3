namespace Slipway.Gateway.Transport;

/// <summary>A wire on a descriptor, of which the kernel tells what happens.</summary>
abstract class WatchedWire(Loop loop, int fd) : Wire(loop), IWatched
{
    public int Fd { get; } = fd;
    public uint Generation { get; set; }

    public void Begin(bool connected)
    {
        Loop.Watch(this, EpollEvents.In | EpollEvents.Out | EpollEvents.PeerEnded | EpollEvents.EdgeTriggered);
        CanWrite = connected;
    }

    public override void EndSending() => Native.EndSending(Fd);

    public override Delivery Delivered() =>
        IsClosed ? default : new(Native.Acknowledged(Fd), Native.OnTheWay(Fd));

    void IWatched.On(uint events)
    {
        var ended = (events & (EpollEvents.PeerEnded | EpollEvents.Hang | EpollEvents.Error)) != 0;
        if (ended) PeerEnded = true;
        if ((events & (EpollEvents.Hang | EpollEvents.Error)) != 0) Break();

        const uint reads = EpollEvents.In | EpollEvents.PeerEnded | EpollEvents.Hang | EpollEvents.Error;
        const uint writes = EpollEvents.Out | EpollEvents.Hang | EpollEvents.Error;
        if ((events & writes) != 0) CanWrite = true;
        if ((events & reads) != 0) CanRead = true;
        OnReady();
        if (ended) WakeOther();
        if ((events & reads) != 0) WakeReader();
        if ((events & writes) != 0) WakeWriter();
    }

    /// <summary>Before whoever waits is woken.</summary>
    protected virtual void OnReady() { }

    protected override void Release()
    {
        Loop.Unwatch(this, closes: true);
        Native.Close(Fd);
    }
}
