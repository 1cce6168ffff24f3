using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Support;

/// <summary>
/// Targets that do at once what they are asked: what is tried or measured is the control plane alone.
/// </summary>
public sealed class ObedientWorld : IFleets, IRouter, ISettings, IJobs, IMetrics
{
    readonly Dictionary<string, Of> _all = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    sealed class Of
    {
        public Dictionary<Fleet, SeenFleet> Fleets { get; } = [];
        public SeenTable Table { get; set; } = new(RouteTable.Closed, 0);
    }

    public Task Resize(FleetOrder order, CancellationToken cancel)
    {
        var (size, since) = (order.Size, order.Since);
        lock (_gate) Find(order.Service).Fleets[order.Fleet] = new(order.Fleet, size, since, size, size, size, 0);
        return Task.CompletedTask;
    }

    public Task Apply(RouteOrder order, CancellationToken cancel)
    {
        lock (_gate) Find(order.Service).Table = new(order.Table, order.Since);
        return Task.CompletedTask;
    }

    Task<Seq<SeenFleet>> IFleets.Look(string service, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(Find(service).Fleets.Values.ToSeq());
    }

    Task<SeenTable> IRouter.Look(string service, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(Find(service).Table);
    }

    public Task Set(SettingOrder order, CancellationToken cancel) => Task.CompletedTask;

    Task<Seq<SeenSetting>> ISettings.Look(string service, CancellationToken cancel) =>
        Task.FromResult(Seq<SeenSetting>.Empty);

    public Task<JobAnswer> Do(Job job, CancellationToken cancel) => Task.FromResult(new JobAnswer(true, "fine"));

    /// <summary>Nobody asks anything of the services: totals stay at zero.</summary>
    public Task<Totals> Read(MetricsQuery query, CancellationToken cancel) =>
        Task.FromResult(new Totals("1", Uptime, default, default(Gates.FleetCounts)));

    static TimeSpan Uptime => TimeSpan.FromMilliseconds(Environment.TickCount64);

    Of Find(string service)
    {
        if (!_all.TryGetValue(service, out var found)) _all.Add(service, found = new());
        return found;
    }
}
