using System.Runtime.InteropServices;

namespace Slipway.Gateway.Routing;

/// <summary>
/// How many are inside, on cache lines of its own, and a way to await that nobody is. Whoever leaves counts down before
/// looking for somebody who waits; whoever waits says so before looking at the count. So neither misses the other.
/// </summary>
sealed class InFlight
{
    Padded _padded;
    TaskCompletionSource? _awaited;

    [StructLayout(LayoutKind.Explicit, Size = 192)]
    struct Padded
    {
        [FieldOffset(64)] public long Count;
    }

    public long Count => Volatile.Read(ref _padded.Count);

    public void Enter() => Interlocked.Increment(ref _padded.Count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _padded.Count) == 0 && Volatile.Read(ref _awaited) is not null) Tell();
    }

    /// <summary>Ends when nobody is inside. New ones must have been kept out before.</summary>
    public Task Emptied()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var awaited = Interlocked.CompareExchange(ref _awaited, mine, null) ?? mine;
        if (Count == 0) Tell();
        return awaited.Task;
    }

    void Tell() => Interlocked.Exchange(ref _awaited, null)?.TrySetResult();
}
