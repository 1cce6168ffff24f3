namespace Slipway.Support;

/// <summary>
/// The bytes that code allocates whenever it runs: those of its quietest round. A collection in between counts what is
/// left of a thread's last 8 KiB as allocated; what the code itself allocates would be in every round.
/// </summary>
public static class Allocated
{
    const int Rounds = 5;

    /// <summary>By this thread, in so many turns of warm code.</summary>
    public static long By(int turns, Action turn)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < turns; i++) turn();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>By others, who say how much they have allocated so far.</summary>
    public static async Task<long> By(Func<Task<long>> others, Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = await others();
            round();
            least = Math.Min(least, await others() - before);
        }

        return least;
    }
}
