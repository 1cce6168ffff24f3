namespace Slipway.Specification;

/// <summary>Every default of slipway.yaml, in one place.</summary>
public static class Defaults
{
    public const string Environment = "production";
    public const double FalseAlarm = 0.01;
    public const int MinRequests = 100;
    public const double TolerateFailuresBelow = 0.20;

    /// <summary>
    /// Instances of a fleet that may crash or stop being ready before that alone turns a release back: fewer than two,
    /// or no more than this part.
    /// </summary>
    public const double LostBelow = 0.10;
    public const int LostAtLeast = 2;

    public static readonly PortRange Ports = new(20_000, 29_999);
    public static readonly TimeSpan KeepOld = TimeSpan.FromHours(1);
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AffinityTtl = TimeSpan.FromHours(3);
    public static readonly TimeSpan StepInterval = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SwitchInterval = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a step may take before the release turns back.</summary>
    public static readonly TimeSpan ScaleDeadline = TimeSpan.FromMinutes(10);

    /// <summary>On a way back, instances that are not there by then are not waited for.</summary>
    public static readonly TimeSpan BackDeadline = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan ShiftDeadline = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan SetDeadline = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Synthetic requests: enough to see an error of one in a hundred, and no load for anybody.</summary>
    public const double LoadRate = 20;
    public const double LoadErrors = 0.01;
    public static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(30);
    public const int BreakerAfter = 3;
    public static readonly TimeSpan BreakerWithin = TimeSpan.FromHours(24);
    public static readonly TimeSpan WebhookEvery = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ApprovalTimeout = TimeSpan.FromHours(24);

    public const string PrometheusUrl = "http://127.0.0.1:9090";
    public static readonly TimeSpan SourceEvery = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SourceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A metric source that has been silent for longer has nothing to say.</summary>
    public static readonly TimeSpan EvidenceLasts = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A service that fails as a whole after a release, for so long, goes back to what is warm.
    /// </summary>
    public static readonly TimeSpan OutageUndone = TimeSpan.FromMinutes(1);

    /// <summary>One that comes and goes is not told of more often.</summary>
    public static readonly TimeSpan OutageToldEvery = TimeSpan.FromMinutes(10);

    /// <summary>A wait without enough evidence becomes a question after this many times its length.</summary>
    public const int PatienceFactor = 4;
}
