namespace Slipway.Simulation.Harness;

/// <summary>
/// A process. Its awaits come back through <see cref="Post"/>, so a crash is one counter: nothing of it runs on.
/// </summary>
public sealed class Node(Simulation simulation, string name) : SynchronizationContext
{
    public string Name => name;
    public int Life { get; private set; }

    /// <summary>How far this machine's clock is off; it may jump.</summary>
    public TimeSpan Skew { get; set; }

    public TimeProvider Time => new Clock(simulation, this);

    public void Crash() => Life++;

    public override void Post(SendOrPostCallback d, object? state) =>
        simulation.At(this, TimeSpan.Zero, () => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing here may block.");

    public override SynchronizationContext CreateCopy() => this;
}

/// <summary>Simulated time as one node sees it: the wall clock is skewed, what is measured is not.</summary>
sealed class Clock(Simulation simulation, Node node) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => simulation.Now + node.Skew;
    public override long GetTimestamp() => simulation.Now.UtcTicks;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(simulation, node, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer(Simulation simulation, Node node, Action ring) : ITimer
    {
        int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan) simulation.At(node, dueTime, () => Ring(version, period));
            return true;
        }

        void Ring(int version, TimeSpan period)
        {
            if (version != _version) return;
            if (period > TimeSpan.Zero) simulation.At(node, period, () => Ring(version, period));
            ring();
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
