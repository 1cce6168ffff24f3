namespace Slipway.Simulation.Harness;

/// <summary>One thread, one queue, one clock, one seed. The same seed is the same run, on every machine.</summary>
public sealed class Simulation(ulong seed)
{
    readonly PriorityQueue<(Node Owner, int Life, Action Run), (long Due, ulong Tie)> _queue = new();
    readonly int _thread = Environment.CurrentManagedThreadId;
    ulong _state = seed;

    public ulong Seed { get; } = seed;
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>Where a trace goes, line by line; nothing in it differs between two runs of a seed.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>SplitMix64, written out so that a seed means the same on every runtime.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Next(int below) => (int)(Next() % (ulong)below);
    public int Between(int low, int high) => low + Next(high - low + 1);
    public bool Chance(int perMille) => Next(1000) < perMille;
    public TimeSpan Span(TimeSpan max) => TimeSpan.FromTicks((long)(Next() % (ulong)(max.Ticks + 1)));
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    public void Log(string line)
    {
        foreach (var c in line) Fingerprint = (Fingerprint ^ c) * 1099511628211;
        Trace?.Invoke($"{Now:HH:mm:ss.fff} {line}");
    }

    public void At(Node owner, TimeSpan after, Action run)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("Work escaped the simulation.");
        // The random tie makes the interleaving random, and the same again with the same seed.
        _queue.Enqueue((owner, owner.Life, run), ((Now + after).Ticks, Next()));
    }

    /// <summary>False when it is not done within the time, or turns in circles without time passing.</summary>
    public bool RunUntil(Func<bool> done, TimeSpan horizon, int steps = 2_000_000)
    {
        var before = SynchronizationContext.Current;
        try
        {
            for (var end = Now + horizon; !done(); steps--)
            {
                if (steps == 0 || !_queue.TryPeek(out _, out var key) || key.Due > end.Ticks) return false;
                var (owner, life, run) = _queue.Dequeue();
                Now = new(key.Due, TimeSpan.Zero);
                if (life != owner.Life) continue; // its process was killed: not even its finally blocks run
                SynchronizationContext.SetSynchronizationContext(owner);
                run();
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
