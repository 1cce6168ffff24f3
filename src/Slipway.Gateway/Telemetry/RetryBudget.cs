using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Telemetry;

/// <summary>
/// How many requests of a fleet may be asked once more, for each loop: a part of those of the last seconds, and a few
/// in any case. An instance that dies costs nobody an answer, however many were under way to it; and a fleet that only
/// fails is not buried under requests that are asked again.
/// </summary>
sealed class RetryBudget(long now)
{
    double _stored = Limits.RetriesStored;
    double _recent;
    long _at = now;
    long _requests;

    /// <param name="requests">All that there have been so far.</param>
    public bool Take(long requests, long now, long frequency)
    {
        var (more, seconds) = (requests - _requests, (now - _at) / (double)frequency);
        (_requests, _at) = (requests, now);
        var window = Limits.RetriesOver.TotalSeconds;
        _recent = seconds < window ? (_recent * (1 - (seconds / window))) + more : more * window / seconds;
        var most = Math.Max(Limits.RetriesStored, _recent * Limits.RetriesPerRequest);
        var earned = (more * Limits.RetriesPerRequest) + (seconds * Limits.RetriesPerSecond);
        _stored = Math.Min(most, _stored + earned);
        if (_stored < 1) return false;
        _stored--;
        return true;
    }
}
