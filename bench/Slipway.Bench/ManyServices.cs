using System.Diagnostics;
using Slipway.Api;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Bench;

/// <summary>How soon the API answers with a thousand services, as `slipway status` asks it. Promised: 100 ms.</summary>
static class ManyServices
{
    const int Count = 1_000, Asked = 100;

    public static async Task Run(TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        var (journal, world) = (new MemoryJournal(), new ObedientWorld());
        using var engine = new Engine(
            new(journal, world, world, world, world) { Metrics = world }, TimeProvider.System, stop.Token);
        await engine.Start();
        await using var server = await ApiServer.Start(
            new(engine, journal) { Instances = _ => [] }, "127.0.0.1:0", stop.Token);
        using var client = SlipwayClient.For(new(server.Url));
        await Parallel.ForAsync(0, Count, async (i, cancel) =>
        {
            var name = $"service-{i:0000}";
            await client.Register(name, new("slipway.yaml", $$"""
                service: {{name}}
                runtime: { process: { command: "./shop {port}" } }
                traffic: { listen: "127.0.0.1:8080", hosts: [{{name}}.example.com] }
                """, "/"), cancel);
            await client.Deploy(name, new("1.0"), "first", cancel);
        });
        while (engine.Runners.Any(runner => runner.Service is not { Run: null, Stable: not null }))
            await Task.Delay(20);

        var waits = new List<double>();
        for (var i = 0; i < Asked; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var all = await client.Services(stop.Token);
            waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (all.Count != Count) throw new InvalidOperationException($"{all.Count} services, not {Count}");
        }

        waits.Sort();
        output.WriteLine(
            $"status of {Count:N0} services: p50 {waits[Asked / 2]:0.0} ms, p99 {waits[Asked * 99 / 100]:0.0} ms");
        await stop.CancelAsync();
    }
}
