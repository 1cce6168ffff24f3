namespace Slipway.Adapters.Postgres;

static class Limits
{
    /// <summary>The oldest server that is tested against what is written here.</summary>
    public const int VersionMin = 13;

    public const int ConnectSecondsMax = 3;
    public const int ReadSecondsMax = 30;

    /// <summary>A server that froze answers nothing: whoever appends hears of it within this time.</summary>
    public const int AppendSecondsMax = 5;

    /// <summary>Less than a lease lasts: a renewal that hangs must leave time for another one.</summary>
    public const int RenewSecondsMax = 1;

    public const int ConnectionsMax = 20;

    /// <summary>A listener that only waits would not notice that the other side is gone.</summary>
    public const int KeepAliveSeconds = 2;

    /// <summary>What the server takes as one notification, in bytes, with something to spare.</summary>
    public const int NoticeBytesMax = 7_900;

    /// <summary>Notifications are hints, and nothing is told again after a connection was lost.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan ListenAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a node that fell silent still keeps others from taking its services up.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    /// <summary>A node stops so long before its lease ends: two clocks may run a little differently.</summary>
    public static readonly TimeSpan LeaseMargin = TimeSpan.FromMilliseconds(500);

    /// <summary>Nodes that have ended are remembered for so long, for those who look what has been.</summary>
    public static readonly TimeSpan NodesKept = TimeSpan.FromDays(1);
}
