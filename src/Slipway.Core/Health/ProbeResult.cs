namespace Slipway.Health;

public enum ProbeKind { Startup, Readiness, Liveness }

/// <summary>Degraded is a good answer with a reservation, which only the app itself can have.</summary>
public enum ProbeAnswer { Good, Degraded, Bad }

/// <summary>What one probe was told, in words for people when it was not good.</summary>
public sealed record ProbeResult(ProbeKind Kind, ProbeAnswer Answer, string Text = "")
{
    /// <summary>Those that the specification names and the answer speaks of.</summary>
    public Seq<Dependency> Dependencies { get; init; } = [];
}
