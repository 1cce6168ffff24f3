namespace Slipway.Health;

/// <summary>Something that an app needs, as the app itself says it is.</summary>
/// <param name="Text">In the app's own word.</param>
public sealed record Dependency(string Name, ProbeAnswer Answer, string Text);
