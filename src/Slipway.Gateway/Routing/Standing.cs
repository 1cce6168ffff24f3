namespace Slipway.Gateway.Routing;

/// <summary>
/// Whether an instance is trusted. Failures in a row put it aside for a while, longer each time; then a single request
/// may try, and its answer decides. Never the last of a fleet, and never more than half of it.
/// </summary>
sealed class Standing(FleetTraffic fleet)
{
    int _failures;
    int _times;
    long _tryingSince;
    long _asideUntil;

    public bool IsAside => Volatile.Read(ref _asideUntil) != 0;

    public bool IsTrialDue(long now) => Volatile.Read(ref _asideUntil) is var until && until != 0 && now >= until
        && (Volatile.Read(ref _tryingSince) is var since && (since == 0 || now - since >= TrialLasts));

    /// <summary>
    /// True for one request only. A trial of which nothing was heard, because its client has gone, is made again.
    /// </summary>
    public bool TakesTrial(long now)
    {
        var since = Volatile.Read(ref _tryingSince);
        return IsTrialDue(now) && Interlocked.CompareExchange(ref _tryingSince, now, since) == since;
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0) return;
        Volatile.Write(ref _failures, 0);
        if (Interlocked.Exchange(ref _asideUntil, 0) != 0)
        {
            _times = 0;
            fleet.TakeBack();
        }

        Volatile.Write(ref _tryingSince, 0);
    }

    public void Failed(int counts)
    {
        if (Interlocked.Add(ref _failures, counts) < Limits.FailuresInARow) return;
        if (IsAside)
        {
            // The trial has failed: aside for longer. Answers to requests from before change nothing.
            if (Interlocked.Exchange(ref _tryingSince, 0) != 0) Volatile.Write(ref _asideUntil, Next());
            return;
        }

        if (!fleet.MayPutAside()) return;
        if (Interlocked.CompareExchange(ref _asideUntil, Next(), 0) != 0) fleet.TakeBack();
    }

    long TrialLasts => Ticks(Limits.AsideMax);

    long Next()
    {
        var times = Math.Min(Interlocked.Increment(ref _times) - 1, 10);
        var rest = Math.Min(Limits.AsideMax.Ticks, Limits.AsideFirst.Ticks << times);
        return fleet.Site.Time.GetTimestamp() + Ticks(TimeSpan.FromTicks(rest));
    }

    long Ticks(TimeSpan time) => (long)(time.TotalSeconds * fleet.Site.Time.TimestampFrequency);
}
