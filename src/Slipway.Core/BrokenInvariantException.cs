namespace Slipway;

/// <summary>Something that can never be has been: stopping is better than guessing. Thrown in production too.</summary>
public sealed class BrokenInvariantException(string message) : Exception(message);
