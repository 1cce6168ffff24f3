namespace Slipway.Gateway.Routing;

/// <summary>How much of anything the gateway's routing, telemetry, control and mirroring take.</summary>
static class Limits
{
    public const int Sites = 1_000;
    public const int Rules = 200;
    public const int Conditions = 20;
    public const int Values = 1_000;

    /// <summary>What a pattern is tried against; what is longer does not match.</summary>
    public const int PatternInput = 4_096;
    public const int Pattern = 1_000;

    public const int ServiceName = 128;
    public const int SitePath = 256;
    public const int CookieName = 64;
    public const int Instances = 1_000;

    /// <summary>Fleets whose counts are kept; a service seldom has more than three at once.</summary>
    public const int Fleets = 64;

    /// <summary>Bytes of what an app may say of a session.</summary>
    public const int SessionWord = 16;

    /// <summary>Routes that are counted apart, for each service; what comes after them counts as "other".</summary>
    public const int Routes = 32;
    public const int RouteName = 64;

    /// <summary>So many failures in a row put an instance aside.</summary>
    public const int FailuresInARow = 5;

    /// <summary>A connection that cannot be made says more than a bad answer: two of them are enough.</summary>
    public const int ConnectFailureCounts = 3;

    public static readonly TimeSpan AsideFirst = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan AsideMax = TimeSpan.FromSeconds(30);

    /// <summary>How long a new instance gets less than its part, and the part that it begins with.</summary>
    public static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(10);
    public const double SlowStartFrom = 0.1;

    /// <summary>
    /// Retries: a fifth of the requests, one a second all the same, and in store what so many seconds have earned, or
    /// some at least; for each loop.
    /// </summary>
    public const double RetriesPerRequest = 0.2;
    public const double RetriesPerSecond = 1;
    public const double RetriesStored = 50;
    public static readonly TimeSpan RetriesOver = TimeSpan.FromSeconds(10);

    /// <summary>A session from which nothing has come for so long no longer keeps its fleet.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SessionLook = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Before an instance is stopped at the end of its drain, what is left is told to go: so much earlier, and at most
    /// half of the time.
    /// </summary>
    public static readonly TimeSpan CutBeforeEnd = TimeSpan.FromSeconds(1);

    /// <summary>Copies for shadows that wait to be sent; what comes when so many wait is dropped.</summary>
    public const int ShadowQueue = 1_000;
    public const int ShadowWorkers = 8;
    public const int ShadowBody = 256 * 1024;
    public const int ShadowAnswer = 16 * 1024 * 1024;
    public static readonly TimeSpan ShadowTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The access log: what one loop may have unwritten, and how much is kept of one field.</summary>
    public const int LogUnwritten = 1024 * 1024;
    public const int LogField = 256;
    public const int LogLine = 4_096;
    public const long LogFile = 100 * 1024 * 1024;
    public const int LogFiles = 5;
    public static readonly TimeSpan LogEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>What a gateway that ends gives its requests, whatever its services say.</summary>
    public static readonly TimeSpan EndLeast = TimeSpan.FromSeconds(30), EndMost = TimeSpan.FromDays(1);

    public const int ControlBody = 16 * 1024 * 1024;
    public const int SocketPath = 107;
    public static readonly TimeSpan DrainAnswer = TimeSpan.FromSeconds(30);

    /// <summary>For the gateway before to obey an order; a drain takes longer.</summary>
    public static readonly TimeSpan ElderAnswer = TimeSpan.FromSeconds(5);

    /// <summary>One that is silent for so long has stopped: nobody waits for it any more.</summary>
    public static readonly TimeSpan ElderSilence = TimeSpan.FromSeconds(10);

    /// <summary>For the gateway that runs to answer one that wants its place.</summary>
    public static readonly TimeSpan TakePatience = TimeSpan.FromSeconds(5);

    /// <summary>How often a gateway whose place nobody has taken asks for its doors.</summary>
    public static readonly TimeSpan DoorsAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>What may be asked for as the time of a drain, or of waiting.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromDays(365);
    public static readonly TimeSpan DrillMax = TimeSpan.FromHours(1);
}
