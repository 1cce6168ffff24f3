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

    /// <summary>Runs with the shadow's own settings; users never see its answers.</summary>
    public bool Shadow { get; init; }

    public Fleet Fleet => new(Number);
}

/// <summary>A version that somebody wants released, and why.</summary>
public sealed record Deployment(string Version)
{
    public string By { get; init; } = "";
    public string? Cause { get; init; }
    public string? Commit { get; init; }
    public DateTimeOffset? CommitTime { get; init; }
}
