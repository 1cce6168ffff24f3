namespace Slipway.Notices;

static class Limits
{
    /// <summary>For one message; the rest after one that has failed doubles from the first to the longest.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RestFirst = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RestMax = TimeSpan.FromMinutes(5);

    /// <summary>What nobody has taken for so long is news no more.</summary>
    public static readonly TimeSpan GiveUp = TimeSpan.FromHours(24);

    /// <summary>A target that was named within this time hears of everything since.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>What is told later than this says when it was.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>PagerDuty takes no longer summary.</summary>
    public const int SummaryMax = 1_024;
}
