using Slipway.Decisions;
using Slipway.Simulation.Harness;
using Slipway.Simulation.World;

namespace Slipway.Simulation;

/// <summary>Many seeds, on as many threads as there are cores; each seed by itself on one.</summary>
public static class Seeds
{
    public sealed record Many(ulong Count, Reached Reached, IReadOnlyList<SeedRun.Result> Failures);

    /// <summary>The first seed, in the order in which they end, that shows a mistake; null when none does.</summary>
    public static SeedRun.Result? FirstFailure(ulong from, ulong count, Wits wits)
    {
        var found = false;
        var many = Run(from, count, wits, () => found, result => found |= result.Failure is not null);
        return many.Failures is [var first, ..] ? first : null;
    }

    public static Many Run(
        ulong from, ulong count, Wits? wits = null, Func<bool>? enough = null, Action<SeedRun.Result>? each = null)
    {
        var gate = new Lock();
        var reached = new Reached();
        var failures = new List<SeedRun.Result>();
        var next = from;
        var done = 0UL;
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return new(done, reached, [.. failures.OrderBy(failure => failure.Seed)]);

        void Work()
        {
            while (true)
            {
                ulong seed;
                lock (gate)
                {
                    if (next >= from + count || enough?.Invoke() == true) return;
                    seed = next++;
                }

                var result = SeedRun.Run(seed, wits);
                lock (gate)
                {
                    done++;
                    reached.Add(result.Reached);
                    each?.Invoke(result);
                    if (result.Failure is not null) failures.Add(result);
                }
            }
        }
    }
}
