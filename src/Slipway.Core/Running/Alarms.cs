namespace Slipway.Running;

/// <summary>
/// Many due times on one timer that rings at most twenty times a second. Ten thousand timers of their own cost a core
/// its rest, and nothing here needs to be more exact.
/// </summary>
public sealed class Alarms : IDisposable
{
    static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(50);

    readonly PriorityQueue<Alarm, TimeSpan> _queue = new();
    readonly Lock _gate = new();
    readonly TimeProvider _time;
    readonly long _start;
    readonly ITimer _timer;
    TimeSpan _next = TimeSpan.MaxValue;

    public Alarms(TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Calls <paramref name="ring"/> once, after at least <paramref name="after"/>. Disposing takes it back.
    /// </summary>
    public IDisposable Set(TimeSpan after, Action ring)
    {
        var alarm = new Alarm { Ring = ring };
        lock (_gate)
        {
            var due = Now + (after > TimeSpan.Zero ? after : TimeSpan.Zero);
            _queue.Enqueue(alarm, due);
            if (due < _next) RingAt_NeedsLock(due);
        }

        return alarm;
    }

    public void Dispose() => _timer.Dispose();

    TimeSpan Now => _time.GetElapsedTime(_start);

    void Ring()
    {
        var due = new List<Alarm>();
        lock (_gate)
        {
            while (_queue.TryPeek(out _, out var at) && at <= Now) due.Add(_queue.Dequeue());
            _next = TimeSpan.MaxValue;
            if (_queue.TryPeek(out _, out var next)) RingAt_NeedsLock(next);
        }

        foreach (var alarm in due) alarm.Ring?.Invoke();
    }

    void RingAt_NeedsLock(TimeSpan due)
    {
        var now = Now;
        var wait = due - now > Grain ? due - now : Grain;
        _next = now + wait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    sealed class Alarm : IDisposable
    {
        public Action? Ring { get; set; }

        /// <summary>Taking it out of the queue would cost a search: it stays, and does nothing.</summary>
        public void Dispose() => Ring = null;
    }
}
