namespace Slipway.ServiceFile;

/// <summary>What a slipway.yaml may be at most: a file from a stranger must not stop the server.</summary>
internal static class Limits
{
    public const int Characters = 1 << 20;
    public const int Depth = 32;
    public const int Values = 20_000;
    public const int Problems = 100;

    /// <summary>Fewer than problems: warnings must not crowd out an error.</summary>
    public const int Warnings = 50;

    public const int Replicas = 1_000;

    /// <summary>More is no plan that somebody could read.</summary>
    public const int Steps = 100;

    /// <summary>In percent: who never turns back a good version can never turn back a bad one.</summary>
    public const double FalseAlarm = 0.0001;

    public const int Requests = 1_000_000_000;
    public const int Measurements = 10_000;

    /// <summary>As many releases as a service remembers, about.</summary>
    public const int BreakerAfter = 40;

    /// <summary>A check's own traffic: more is a load test, and has better tools.</summary>
    public const double LoadRate = 200;
    public static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(30);

    /// <summary>A source that is asked more rarely than the judge's patience lasts would seem to be down.</summary>
    public static readonly TimeSpan SourceEvery = TimeSpan.FromSeconds(20);

    public const int Pattern = 1_000;
    public static readonly TimeSpan Time = TimeSpan.FromDays(365);
}
