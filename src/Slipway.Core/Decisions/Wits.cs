using Slipway.Releases;

namespace Slipway.Decisions;

/// <summary>
/// The three pure functions that a runner runs on. Tests replace one of them to see that a planted bug is caught.
/// </summary>
public sealed record Wits
{
    public Func<Service, IEnumerable<Recorded>, Service> Fold { get; init; } = Releases.Fold.Apply;
    public Func<Service, Seen, Command?, DateTimeOffset, Decision> Decide { get; init; } = Mind.Decide;
    public Func<Service, Seen, IEnumerable<Effect>> Converge { get; init; } = Convergence.Converge;
}
