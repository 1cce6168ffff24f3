using System.Collections.Concurrent;
using Slipway.Adapters.Sources;
using Slipway.Gates;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Sources;

/// <summary>A release of 1.1 beside 1.0, whose gate asks another system; counts stand still.</summary>
sealed class Asker : IMetrics, IDisposable
{
    static readonly Fleet Stable = new(1), Candidate = new(2);

    readonly SourceMetrics _metrics;
    readonly Service _service;

    public Asker(SourcesSpec sources, CustomMetric metric)
    {
        Metric = metric;
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["shop"]),
            Sources = sources,
            Gates = [Gate],
        };
        _service = new Service("shop")
        {
            Spec = spec,
            Stable = Stable,
            Revisions = [new(1, "1.0", spec), new(2, "1.1", spec)],
        };
        _metrics = new(this, new(_ => _service)
        {
            Variable = name => Variables.GetValueOrDefault(name),
            Tell = Told.Enqueue,
        });
    }

    public CustomMetric Metric { get; }

    /// <summary>Whether a release may begin.</summary>
    public Task<SourceProblem?> Problem(bool isFirst = false) =>
        _metrics.Problem(isFirst ? _service with { Stable = null } : _service, CancellationToken.None);
    public Dictionary<string, string> Variables { get; } = new() { ["PATH"] = "/usr/bin:/bin" };
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>Asked for again until there is an answer: every look takes what has come since.</summary>
    public async Task<CustomValue> Next() => (await Until(totals => totals.Custom.Count > 0)).Custom[0];

    public async Task<Totals> Until(Func<Totals, bool> fact)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var totals = await Look();
            if (fact(totals)) return totals;
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }

    public Task<Totals> Look() => _metrics.Read(new("shop", Candidate, Stable, [Gate]), CancellationToken.None);

    GateSpec Gate => new(new GateRule.Limit(Slipway.Specification.Metric.Custom, Max: 1) { Source = Metric });

    public void Dispose() => _metrics.Dispose();

    Task<Totals> IMetrics.Read(MetricsQuery query, CancellationToken cancel) =>
        Task.FromResult(new Totals("one", TimeSpan.FromSeconds(1), new(100, 0), new(100, 0)));
}
