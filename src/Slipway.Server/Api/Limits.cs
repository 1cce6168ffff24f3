namespace Slipway.Api;

/// <summary>What the API takes and keeps at most.</summary>
static class Limits
{
    public const long BodyMax = 1 << 20;

    /// <summary>Events that a slow reader may be behind; then its stream ends, and it asks anew.</summary>
    public const int NewsBehindMax = 1_000;
    public const int ReadersMax = 1_000;

    /// <summary>How far another machine's clock may be ahead of this one's.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan HeartBeat = TimeSpan.FromSeconds(15);

    /// <summary>How far back a report may look.</summary>
    public static readonly TimeSpan ReportMax = TimeSpan.FromDays(3650);

    public const int KeyMax = 128;
    public const int NameMax = 64;

    /// <summary>What another node is given to answer a question that was asked here.</summary>
    public static readonly TimeSpan ForwardMax = TimeSpan.FromSeconds(2);
}
