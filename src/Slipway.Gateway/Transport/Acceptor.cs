namespace Slipway.Gateway.Transport;

/// <summary>
/// One loop's eye on a listening socket. Where the process or the machine has no descriptor left it looks away for a
/// moment: whoever waits in the queue goes on waiting, and the loop has time for those whose end frees one.
/// </summary>
sealed class Acceptor(Loop loop, Listener listener, Action<int, ReadOnlyMemory<byte>> accepted) : Timed(loop), IWatched
{
    /// <summary>Others have to get their turn.</summary>
    const int AtOnce = 64;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly byte[] _address = new byte[RawAddress.LengthMax];
    bool _watches;

    public int Fd => listener.Fd;
    public uint Generation { get; set; }

    /// <summary>Told at each pause, with the error that has made it.</summary>
    public Action<int> Paused { get; init; } = _ => { };

    /// <summary>A connection, or an error as a negative number.</summary>
    internal Func<byte[], int> Take { get; init; } = address => Native.Accept(listener.Fd, address);

    /// <summary>Of the loops that sleep, one is woken.</summary>
    public void Begin()
    {
        _watches = true;
        Loop.Watch(this, EpollEvents.In | EpollEvents.Exclusive);
    }

    public void End()
    {
        Loop.Wheel.Remove(this);
        if (_watches) Loop.Unwatch(this, closes: false);
        _watches = false;
    }

    public void On(uint events)
    {
        for (var i = 0; i < AtOnce; i++)
        {
            var fd = Take(_address);
            if (fd >= 0)
            {
                accepted(fd, _address);
                continue;
            }

            if (fd == -Native.Again) return;
            if (IsOfOneConnection(-fd)) continue;
            End();
            Deadline = Loop.In(Pause);
            Paused(-fd);
            return;
        }
    }

    internal override void OnDeadline() => Begin();

    /// <summary>It was over before we took it; the next one may be well.</summary>
    static bool IsOfOneConnection(int error) => error is Native.Interrupted or Native.Aborted or Native.Protocol
        or Native.NotPermitted;
}
