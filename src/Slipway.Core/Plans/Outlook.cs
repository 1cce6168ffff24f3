namespace Slipway.Plans;

/// <summary>Where the figure of the traffic is from.</summary>
public enum TrafficFrom { Assumed, Asked, Measured }

/// <summary>What a forecast has to be told: the traffic, the time, and how long an instance takes to start.</summary>
public sealed record Outlook(DateTimeOffset Now)
{
    /// <summary>Instances are seldom ready much sooner or later; a service that has run has its own figure.</summary>
    public static readonly TimeSpan AssumedStartUp = TimeSpan.FromSeconds(6);

    /// <summary>Enough for a small shop: said on the screen, and changed with --traffic.</summary>
    public const double AssumedTraffic = 100;

    /// <summary>Out of the route, open requests answered, stopped: as long as the slowest request.</summary>
    internal static readonly TimeSpan AssumedStop = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan AssumedRequest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan AssumedCommand = TimeSpan.FromSeconds(2);

    public double RequestsPerSecond { get; init; } = AssumedTraffic;

    public TrafficFrom TrafficFrom { get; init; } = TrafficFrom.Assumed;
    public TimeSpan StartUp { get; init; } = AssumedStartUp;
}
