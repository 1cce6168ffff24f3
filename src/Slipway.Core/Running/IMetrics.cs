using Slipway.Gates;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Running;

/// <summary>
/// What fleets have answered. Counts are totals since the source began to count, so that a reader that comes back
/// counts nothing twice and loses nothing; a source that has begun anew says so by another epoch.
/// </summary>
public interface IMetrics
{
    /// <summary>
    /// Throws when the source does not answer: its gates are undecided then, and nothing is rolled back for it.
    /// </summary>
    Task<Totals> Read(MetricsQuery query, CancellationToken cancel);
}

/// <param name="Stable">None when there is nothing to compare with.</param>
public sealed record MetricsQuery(string Service, Fleet Candidate, Fleet? Stable, Seq<GateSpec> Gates);

/// <summary>Everything counted within an epoch, up to <paramref name="Uptime"/> after it began.</summary>
public sealed record Totals(string Epoch, TimeSpan Uptime, FleetCounts Candidate, FleetCounts? Stable = null)
{
    /// <summary>Values of other systems as they are now.</summary>
    public Seq<CustomValue> Custom { get; init; } = [];

    /// <summary>What other systems have counted, as totals: the first of them only says where it begins.</summary>
    public Seq<CustomCount> Counted { get; init; } = [];

    /// <summary>What has come since an earlier reading; all of it when the source has begun anew since.</summary>
    public Sample Since(Totals earlier)
    {
        var (from, candidate, stable) = earlier.Epoch == Epoch && earlier.Uptime <= Uptime
            ? (earlier.Uptime, earlier.Candidate, earlier.Stable)
            : (TimeSpan.Zero, default, default(FleetCounts?));
        var control = Stable is { } now ? now.Minus(stable ?? default) : (FleetCounts?)null;
        var counted = Counted.Join(earlier.Counted, now => now.Name, before => before.Name, (now, before) =>
            now.Minus(before));
        return new Sample((Uptime - from).TotalSeconds, Candidate.Minus(candidate), control)
        {
            Custom = Custom,
            Counted = counted.ToSeq(),
        };
    }
}
