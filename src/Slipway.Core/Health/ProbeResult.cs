namespace Slipway.Health;

public enum ProbeKind { Startup, Readiness, Liveness }

/// <summary>Degraded is a good answer with a reservation, which only the app itself can have.</summary>
public enum ProbeAnswer { Good, Degraded, Bad }

/// <summary>What one probe was told, in words for people when it was not good.</summary>
public readonly record struct ProbeResult(ProbeKind Kind, ProbeAnswer Answer, string Text = "");
