using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>
/// For drills: a share of one fleet's requests is delayed, or answered with a status instead of being forwarded, until
/// it expires.
/// </summary>
public sealed record Injection(Share Share, TimeSpan Delay, int? Status, long Expires);
