namespace Slipway.Adapters.Processes;

/// <summary>
/// One thread that waits for the end of every process: it knows within a millisecond, whosever child it was.
/// </summary>
sealed class Exits : IDisposable
{
    readonly Native.Poll _poll = new();
    readonly Dictionary<int, Action> _ended = [];
    readonly Lock _gate = new();
    readonly Troubles _troubles;
    readonly Thread _thread;

    public Exits(Troubles troubles)
    {
        _troubles = troubles;
        _thread = new Thread(Wait) { IsBackground = true, Name = "process exits" };
        _thread.Start();
    }

    /// <summary>
    /// Calls <paramref name="ended"/> once, on a thread of the pool. Nothing more is told after disposing.
    /// </summary>
    public void Watch(int pidfd, Action ended)
    {
        lock (_gate) _ended.Add(pidfd, ended);
        _poll.Add(pidfd);
    }

    public void Dispose()
    {
        _poll.Wake();
        _thread.Join();
        _poll.Dispose();
    }

    void Wait()
    {
        while (_poll.Next() is { } pidfd)
        {
            Action? ended;
            lock (_gate) _ended.Remove(pidfd, out ended);
            if (ended is not null)
                ThreadPool.QueueUserWorkItem(_ => _troubles.Guard("The end of a process was not dealt with", ended));
        }
    }
}
