using System.Diagnostics;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Bench;

/// <summary>
/// How many decisions a core makes in a second: a canary that watches, and has nothing to decide yet.
/// </summary>
static class Decided
{
    const int Rounds = 7;
    const int Times = 200_000;

    public static async Task Run(TextWriter output)
    {
        var (service, seen, now) = Watching();
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Times; i++)
                if (Mind.Decide(service, seen, null, now).Events.Count > 0)
                    throw new InvalidOperationException("It should wait.");
            rates.Add(Times / Stopwatch.GetElapsedTime(began).TotalSeconds);
            var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
            await output.WriteLineAsync($"{rates[^1],12:N0} decisions/s, {bytes} bytes each");
        }

        await output.WriteLineAsync($"{rates.Order().ElementAt(Rounds / 2),12:N0} decisions/s in the median");
    }

    static (Service, Seen, DateTimeOffset) Watching()
    {
        var now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Replicas = 4,
            Strategy = new StrategySpec.Canary { Steps = [Share.Percent(5), Share.All], Every = TimeSpan.FromHours(1) },
        };
        var service = new Service("shop");
        foreach (var command in new Command[]
        {
            new Command.Register("r", spec), new Command.Deploy("1", new("1.0")), new Command.Deploy("2", new("2.0")),
        })
        {
            service = Fold(service, Mind.Decide(service, AsWanted(service), command, now), now);
            while (Mind.Decide(service, AsWanted(service), null, now) is { Events.Count: > 0 } next)
                service = Fold(service, next, now);
        }

        return (service, AsWanted(service), now);
    }

    static Service Fold(Service service, Decision decision, DateTimeOffset now) =>
        service.Apply(decision.Events.Select((e, i) => new Recorded(service.Sequence + 1 + i, now, e)));

    static Seen AsWanted(Service s) => new()
    {
        Fleets = s.Want.Fleets.Select(x => new SeenFleet(x.Fleet, x.Size, x.Since, x.Size, x.Size, x.Size, 0)).ToSeq(),
        Table = new SeenTable(s.Want.Table.Value, s.Want.Table.Since),
        Settings = [],
    };
}
