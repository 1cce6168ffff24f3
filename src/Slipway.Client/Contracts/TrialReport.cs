namespace Slipway.Client;

/// <summary>What came of a trial notice.</summary>
/// <param name="Target">As slipway.yaml names it; what may be a secret is not shown.</param>
/// <param name="Why">Why it was not taken.</param>
public sealed record TrialReport(string Target, bool Taken, string Why);
