namespace Slipway.Adapters.Gateway;

static class Limits
{
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan KeepConnection = TimeSpan.FromMinutes(1);

    /// <summary>How often those who judge are told that there is something new to read.</summary>
    public static readonly TimeSpan CountsEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often the traffic of everything is looked at, and how many looks "lately" has.</summary>
    public static readonly TimeSpan TrafficEvery = TimeSpan.FromSeconds(2);
    public const int TrafficLooks = 6;

    /// <summary>How often a gateway is asked whether it still knows what it was told.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>For one call that tells members; and the rest after one that has failed.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan RestFirst = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(5);
}
