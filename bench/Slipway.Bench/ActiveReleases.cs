using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.Adapters.Sqlite;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Bench;

/// <summary>
/// Ten thousand releases under way on one node: what they cost while only time passes, and how soon after a start every
/// one is owned again. The promise: under 5 % of a core at rest, under 1 GiB, within a second.
/// </summary>
static class ActiveReleases
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    const int Count = 10_000;

    public static async Task Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
        var targets = new ObedientWorld();
        try
        {
            await using (var journal = SqliteJournal.Open(folder))
            {
                using var stop = new CancellationTokenSource();
                using var engine = new Engine(PortsOn(journal, targets), TimeProvider.System, stop.Token);
                await engine.Start();
                var began = Stopwatch.GetTimestamp();
                await Begin(engine);
                output.WriteLine($"{Count:N0} canaries begun in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
                await AtRest(output);
                stop.Cancel();
            }

            // As after a kill: a process of its own, nothing compiled or cached yet.
            using var again = Process.Start(Environment.ProcessPath!, ["restart", folder]);
            await again.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Ports PortsOn(IJournal journal, ObedientWorld targets) =>
        new(journal, targets, targets, targets, targets) { Metrics = targets };

    /// <summary>Each service has a first version, and a canary at 5 % that has an hour to go.</summary>
    static async Task Begin(Engine engine)
    {
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 500 }, async (i, _) =>
        {
            var name = $"service-{i:00000}";
            await engine.Order(name, new Command.Register("register", SpecOf(name)));
            await engine.Order(name, new Command.Deploy("first", new("1.0")));
            await Until(engine, name, service => service is { Run: null, Stable: not null });
            await engine.Order(name, new Command.Deploy("second", new("2.0")));
            await Until(engine, name, service => service.Run is { Step: Step.Wait });
        });
    }

    static async Task Until(Engine engine, string name, Func<Service, bool> done)
    {
        while (!done(engine.Find(name)!.Service)) await Task.Delay(20);
    }

    static async Task AtRest(TextWriter output)
    {
        await Task.Delay(TimeSpan.FromSeconds(10)); // what the beginning left to do
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var (cpu, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Rest);
        process.Refresh();
        var share = (process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(began);
        output.WriteLine($"at rest: {share * 100:0.0} % of a core, {process.WorkingSet64 / 1048576.0:0} MiB");
    }

    /// <summary>Owns what the journal in this folder has.</summary>
    public static async Task Restart(string folder, TextWriter output)
    {
        var targets = new ObedientWorld();
        var began = Stopwatch.GetTimestamp();
        await using var journal = SqliteJournal.Open(folder);
        var opened = Stopwatch.GetElapsedTime(began);
        using var stop = new CancellationTokenSource();
        using var engine = new Engine(PortsOn(journal, targets), TimeProvider.System, stop.Token);
        Countdown owning = new(runner => runner.Service.Registered), looking = new(runner => runner.Seen.IsComplete);
        engine.Moved += owning.Take;
        engine.Moved += looking.Take;
        await engine.Start();
        var started = Stopwatch.GetElapsedTime(began);
        await owning.Done;
        var owned = Stopwatch.GetElapsedTime(began);
        await looking.Done;
        var looked = Stopwatch.GetElapsedTime(began);
        output.WriteLine(
            $"after a restart: journal open {opened.TotalSeconds:0.00} s, read {started.TotalSeconds:0.00} s, "
            + $"all {Count:N0} owned after {owned.TotalSeconds:0.00} s, looked at after {looked.TotalSeconds:0.00} s");
        stop.Cancel();
    }

    /// <summary>
    /// Over when each runner has been seen to be so far: asking them all again and again would take its share.
    /// </summary>
    sealed class Countdown(Func<Runner, bool> isSo)
    {
        readonly ConcurrentDictionary<Runner, bool> _those = new();
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void Take(Runner runner)
        {
            if (isSo(runner) && _those.TryAdd(runner, true) && _those.Count == Count) _done.TrySetResult();
        }
    }

    static ServiceSpec SpecOf(string name) => new()
    {
        Service = name,
        Runtime = new RuntimeSpec.Process(["./shop", "--urls", "http://127.0.0.1:{port}"]),
        Replicas = 4,
        Strategy = new StrategySpec.Canary { Steps = [Share.Percent(5), Share.All], Every = TimeSpan.FromHours(1) },
        Gates = [new GateSpec(new GateRule.Compare(Metric.ErrorRate, 0.005))],
    };
}
