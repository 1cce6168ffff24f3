namespace Slipway.Demo;

static class Limits
{
    /// <summary>Between two requests of the visitors: two hundred a second.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <summary>More than these are not under way at a time: a machine that is too slow gets fewer.</summary>
    public const int UnderWayMax = 200;

    /// <summary>An answer that takes longer is none.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>A release of the demo that takes longer has gone wrong.</summary>
    public static readonly TimeSpan ReleaseMax = TimeSpan.FromMinutes(3);

    /// <summary>How long the shop may take to be removed, before its processes are killed.</summary>
    public static readonly TimeSpan EndMax = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>So many requests after a way back have to be answered by the version that it led to.</summary>
    public const int Afterwards = 100;
}
