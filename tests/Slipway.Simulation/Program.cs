using System.Diagnostics;
using System.Globalization;
using Slipway.Simulation.Bugs;
using Slipway.Simulation.World;

namespace Slipway.Simulation;

/// <summary>
/// <c>--seeds N [--from K]</c> runs many, <c>--seed S --trace</c> shows one, <c>--bugs</c> plants each bug and says
/// which seed finds it. Of one seed, nothing in the output differs between two runs.
/// </summary>
static class Program
{
    static int Main(string[] args)
    {
        ulong Number(string name, ulong otherwise) =>
            Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            ? ulong.Parse(args[at + 1], CultureInfo.InvariantCulture)
            : otherwise;

        if (args.Contains("--seed")) return One(Number("--seed", 0), args.Contains("--trace"));
        if (args.Contains("--bugs")) return Bugs(Number("--from", 1), Number("--seeds", 5_000));
        return Many(Number("--from", 1), Number("--seeds", 5_000));
    }

    static int One(ulong seed, bool trace)
    {
        var result = SeedRun.Run(seed, trace: trace ? Console.WriteLine : null);
        Console.WriteLine($"seed {seed}: {result.Failure?.Message ?? "fine"}, fingerprint {result.Fingerprint:x16}");
        if (trace && result.Failure is { } failure and not Harness.Violation) Console.WriteLine(failure);
        return result.Failure is null ? 0 : 1;
    }

    static int Bugs(ulong from, ulong count)
    {
        var survived = 0;
        foreach (var bug in Bug.All)
        {
            if (Scenario.All.FirstOrDefault(scenario => scenario.Play(bug.Wits) is not null) is { } scenario)
            {
                Console.WriteLine($"scenario   : {bug}: {scenario}");
                continue;
            }

            var found = Seeds.FirstFailure(from, count, bug.Wits);
            Console.WriteLine(found is null
                ? $"SURVIVED {count} seeds: {bug}"
                : $"seed {found.Seed,6}: {bug}: {found.Invariant}");
            if (found is null) survived++;
        }

        return survived;
    }

    static int Many(ulong from, ulong count)
    {
        var watch = Stopwatch.StartNew();
        var many = Seeds.Run(from, count);
        foreach (var (what, seeds) in many.Reached.Seeds) Console.WriteLine($"{100.0 * seeds / count,6:0.0} %  {what}");
        foreach (var failed in many.Failures.Take(20))
            Console.WriteLine($"seed {failed.Seed}: {failed.Failure!.Message}");
        var speed = count / watch.Elapsed.TotalSeconds;
        Console.WriteLine($"{count} seeds from {from}: {many.Failures.Count} failed, {speed:0} seeds/s");
        return many.Failures.Count == 0 ? 0 : 1;
    }
}
