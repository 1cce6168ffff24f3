namespace Slipway.Plans;

/// <summary>What a replacement may cost while it happens.</summary>
/// <param name="Batch">Instances changed at a time.</param>
/// <param name="Surge">Instances that may run beyond the wanted number.</param>
/// <param name="Unavailable">Instances that may be missing from it.</param>
public sealed record Budget(int Batch, int Surge, int Unavailable)
{
    public TimeSpan Interval { get; init; } = TimeSpan.Zero;
    public TimeSpan Deadline { get; init; } = Specification.Defaults.ScaleDeadline;
    public TimeSpan MinReady { get; init; } = TimeSpan.Zero;

    /// <summary>Failed instances below this share of a fleet do not stop the release.</summary>
    public double Tolerate { get; init; }

    /// <summary>
    /// The versions may never run side by side: all of the old stop before the first of the new starts.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>A whole second fleet beside the first, as canary, blue-green, A/B and shadow have it.</summary>
    public static Budget Beside(int replicas) => new(replicas, replicas, MissingOf(replicas));

    /// <summary>
    /// What a service is taken to survive when nobody said: a quarter, and of one or two instances none.
    /// </summary>
    static int MissingOf(int replicas) => replicas / 4;
}
