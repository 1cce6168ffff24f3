using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Releases;

/// <summary>A version with the configuration that it was released with. Going back brings both back.</summary>
public sealed record Revision(int Number, string Version, ServiceSpec Spec)
{
    public DateTimeOffset At { get; init; }
    public string By { get; init; } = "";
    public string? Cause { get; init; }
    public string? Commit { get; init; }
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>Why it did not wait for a time that is open, when it did not.</summary>
    public string? Emergency { get; init; }

    /// <summary>It had to be taken back: nothing goes back to it by itself.</summary>
    public Failure? Failed { get; init; }

    /// <summary>Runs with the shadow's own settings; users never see its answers.</summary>
    public bool Shadow { get; init; }

    /// <summary>It has been stable: one that never was is deployed, not gone back to.</summary>
    public bool Settled { get; init; }

    public bool IsSame(string version, ServiceSpec spec) => Version == version && Spec.Runtime == spec.Runtime;

    public Fleet Fleet => new(Number);
}

/// <summary>A version that somebody wants released, and why.</summary>
public sealed record Deployment(string Version)
{
    public string By { get; init; } = "";
    public string? Cause { get; init; }
    public string? Commit { get; init; }
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>Why it does not wait for a time that is open, nor for failures to be understood.</summary>
    public string? Emergency { get; init; }
}

/// <summary>A version that had to be taken back: why, and by which release.</summary>
public sealed record Failure(string Why, DateTimeOffset At, int Release);
