using System.Collections.Concurrent;

namespace Slipway.Gateway.Transport;

/// <summary>
/// One thread, and everything that it owns: nothing here is locked, because nobody else touches it. Others post work.
/// </summary>
sealed class Loop : IDisposable
{
    const ulong Bell = ulong.MaxValue, Timer = ulong.MaxValue - 1;

    readonly int _epoll = Native.NewEpoll();
    readonly int _bell = Native.NewEvent();
    readonly int _timer = Native.NewTimer();
    readonly EpollEvents _events = new();
    readonly ConcurrentQueue<Action> _posted = new();
    readonly Queue<Action> _later = new();
    readonly Thread _thread;
    readonly Action<Exception> _faulted;
    IWatched?[] _watched = new IWatched?[1024];
    long _alarm = Timed.Never;
    uint _generation;
    int _rung;
    volatile bool _stopped;

    /// <param name="faulted">Told of errors that nobody else has handled; the loop goes on.</param>
    public Loop(string name, Action<Exception> faulted)
    {
        _faulted = faulted;
        Now = Environment.TickCount64;
        Wheel = new(Now);
        Native.Watch(_epoll, _bell, EpollEvents.In, Bell);
        Native.Watch(_epoll, _timer, EpollEvents.In | EpollEvents.EdgeTriggered, Timer);
        _thread = new(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Milliseconds, read once for each batch of events.</summary>
    public long Now { get; private set; }

    public Wheel Wheel { get; }
    public Buffers Buffers { get; } = new();

    /// <summary>Before each batch of events.</summary>
    public Action? Tick { get; init; }

    public bool IsHere => Thread.CurrentThread == _thread;

    public void Start() => _thread.Start();

    /// <summary>From any thread: runs on this one.</summary>
    public void Post(Action work)
    {
        _posted.Enqueue(work);
        if (Interlocked.Exchange(ref _rung, 1) == 0) Native.Wake(_bell);
    }

    /// <summary>
    /// From this thread: runs after what is due now, so that one busy connection does not starve others.
    /// </summary>
    public void Later(Action work) => _later.Enqueue(work);

    public long In(TimeSpan time) => Now + (long)time.TotalMilliseconds;

    /// <summary>Once for each descriptor, before anything can have happened on it.</summary>
    public void Watch(IWatched watched, uint events)
    {
        var fd = watched.Fd;
        if (fd >= _watched.Length) Array.Resize(ref _watched, Math.Max(fd + 1, _watched.Length * 2));
        watched.Generation = ++_generation;
        _watched[fd] = watched;
        Native.Watch(_epoll, fd, events, ((ulong)watched.Generation << 32) | (uint)fd);
    }

    /// <summary>The descriptor is about to be closed, or given to somebody else.</summary>
    public void Unwatch(IWatched watched, bool closes)
    {
        if (_watched[watched.Fd] == watched) _watched[watched.Fd] = null;
        if (!closes) Native.Unwatch(_epoll, watched.Fd);
    }

    /// <summary>Afterwards nothing runs here any more. Not from this thread.</summary>
    public void Dispose()
    {
        _stopped = true;
        Native.Wake(_bell);
        if (_thread.ThreadState != ThreadState.Unstarted && !IsHere) _thread.Join();
        Native.Close(_epoll);
        Native.Close(_bell);
        Native.Close(_timer);
    }

    void Run()
    {
        while (!_stopped)
        {
            var found = _events.Wait(_epoll, _later.Count > 0 ? 0 : -1);
            Now = Environment.TickCount64;
            Tick?.Invoke();
            for (var i = 0; i < found; i++)
                try
                {
                    Dispatch(_events[i]);
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    // The other events of this batch are told only once.
                    _faulted(fault);
                }

            for (var i = _later.Count; i > 0; i--) _later.Dequeue()();
            Wheel.Turn(Now);
            SetAlarm();
        }
    }

    /// <summary>
    /// A wait with a time of its own would set a timer in the kernel each time; this one is set when something is due
    /// earlier than what it is set for, which is seldom.
    /// </summary>
    void SetAlarm()
    {
        var wait = Wheel.Wait(Now);
        if (wait < 0 || Now + wait >= _alarm) return;
        _alarm = Now + wait;
        Native.SetTimer(_timer, Math.Max(1, wait));
    }

    void Dispatch((uint Events, ulong Data) one)
    {
        if (one.Data == Timer)
        {
            _alarm = Timed.Never;
            return;
        }

        if (one.Data == Bell)
        {
            Native.Drain(_bell);
            Volatile.Write(ref _rung, 0);
            Interlocked.MemoryBarrier();
            while (_posted.TryDequeue(out var work)) work();
            return;
        }

        // A descriptor that was closed in this batch may be somebody else's by now.
        if (_watched[(int)(uint)one.Data] is { } watched && watched.Generation == (uint)(one.Data >> 32))
            watched.On(one.Events);
    }
}

/// <summary>What a loop tells of a descriptor's events.</summary>
interface IWatched
{
    int Fd { get; }
    uint Generation { get; set; }
    void On(uint events);
}
