using System.Globalization;
using Slipway.Client;
using Slipway.Machines;

namespace Slipway.Bench;

/// <summary>
/// How soon users are safe from a bad version, with real processes, a real gateway and real requests: from the first
/// request that a canary of 5 % gets to its last. Promised: a median of 10 s for 5 % errors against 0.1 % at 100
/// requests a second, of 5 s for nothing but errors at 20, and 0.1 s from the verdict to the last request.
/// </summary>
static class Caught
{
    const int RunsUnlessTold = 20;
    const string Good = "1.0", Bad = "1.1";

    static readonly Released Service = Released.App with
    {
        Yaml = """
            service: shop
            runtime:
              process:
                command: [dotnet, "APP", --port, "{port}", --version, "{version}"]
                directory: builds/{version}
            replicas: 2
            health:
              readiness: { http: /ready, every: 200ms, timeout: 200ms }
            traffic: { listen: LISTEN, drain: 5s, versionHeader: true }
            strategy:
              canary: { steps: [5, 100], every: 10m }
            gates:
              - { errorRate: { max: 1% } }
              - { compare: errorRate, worseBy: 0.5% }
              - { compare: latency, percentile: p99, worseBy: 100ms }
            """,
    };

    static readonly Row[] Rows =
    [
        new("5 % errors against 0.1 %", 100, "--chance 5"),
        new("nothing but errors", 20, "--chance 100"),
    ];

    sealed record Row(string Name, int Rate, string Harm);

    /// <param name="AfterVerdict">From the verdict to the last request, in seconds.</param>
    sealed record Catch(double Seconds, double AfterVerdict, int Harmed, string Outcome);

    public static async Task Run(IReadOnlyList<string> words, TextWriter output)
    {
        var runs = words.Count > 0 ? int.Parse(words[0], CultureInfo.InvariantCulture) : RunsUnlessTold;
        foreach (var row in Rows)
        {
            output.WriteLine($"{row.Name}, {row.Rate} requests a second, a canary of 5 %:");
            var caught = await Measure(row, runs, output);
            var (all, late) = (Figures(caught, one => one.Seconds), Figures(caught, one => one.AfterVerdict * 1000));
            output.WriteLine($"{runs} runs: first to last request: median {all.Median:0.0} s, most {all.Most:0.0} s; "
                + $"from the verdict: median {late.Median:0} ms, most {late.Most:0} ms; requests harmed: median "
                + $"{Figures(caught, one => one.Harmed).Median:0}; not caught: "
                + $"{caught.Count(one => one.Outcome != "rolledBack")}\n");
        }
    }

    static async Task<List<Catch>> Measure(Row row, int runs, TextWriter output)
    {
        await using var machine = new Machine(Service, $"{Good} --chance 0.1", $"{Bad} {row.Harm}");
        await machine.Up();
        var yaml = File.ReadAllText(Path.Combine(machine.Folder, "slipway.yaml"));
        await machine.Client.Register("shop", new("slipway.yaml", yaml, machine.Folder), CancellationToken.None);
        await Deploy(machine, Good);
        var caught = new List<Catch>();
        for (var i = 0; i < runs; i++)
        {
            var one = await One(machine, row.Rate);
            output.WriteLine($"  {one.Seconds:0.0} s, then {one.AfterVerdict * 1000:0} ms: {one.Outcome}");
            caught.Add(one);
        }

        return caught;
    }

    static async Task<Catch> One(Machine machine, int rate)
    {
        var visitors = new SteadyVisitors(machine.Listen, rate);
        var past = await Deploy(machine, Bad);
        await visitors.DisposeAsync();
        var its = visitors.Answers.Where(answer => answer.Version == Bad).ToList();
        var (first, last) = (its.Min(answer => answer.Asked), its.Max(answer => answer.Asked));
        var events = await machine.Client.Events(past.Id, CancellationToken.None);
        var verdict = events.FirstOrDefault(one => one.Kind == "turnedBack")?.At ?? last;
        return new((last - first).TotalSeconds, Math.Max(0, (last - verdict).TotalSeconds),
            its.Count(answer => answer.Status >= 500), past.Outcome);
    }

    /// <summary>Returns when the release is over, however it ended.</summary>
    static async Task<PastReport> Deploy(Machine machine, string version)
    {
        var before = (await machine.Client.History("shop", CancellationToken.None)).Count;
        await machine.Client.Deploy("shop", new(version), $"{Guid.NewGuid():n}", CancellationToken.None);
        while (true)
        {
            await Task.Delay(100);
            var history = await machine.Client.History("shop", CancellationToken.None);
            if (history.Count > before) return history.MaxBy(past => past.Number)!;
        }
    }

    static (double Median, double Most) Figures(List<Catch> all, Func<Catch, double> figure)
    {
        var sorted = all.Select(figure).Order().ToList();
        return (sorted[sorted.Count / 2], sorted[^1]);
    }
}
