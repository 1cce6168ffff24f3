namespace Slipway.EndToEnd.Load;

/// <summary>Tests that want the whole machine to themselves, and would disturb others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
