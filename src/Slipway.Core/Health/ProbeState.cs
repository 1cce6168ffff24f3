namespace Slipway.Health;

/// <summary>What a probe was told last.</summary>
/// <param name="InARow">So often now it was well, or so often not.</param>
/// <param name="Decides">So often in a row changes the mind.</param>
public sealed record ProbeState(ProbeResult Last, int InARow, int Decides);
