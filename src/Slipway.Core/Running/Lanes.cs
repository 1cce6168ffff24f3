using Slipway.Decisions;

namespace Slipway.Running;

/// <summary>
/// One call at a time to each target. A call that hangs keeps only its own lane busy, so a launch can never delay an
/// abort; when it fails, the lane rests a little longer each time.
/// </summary>
sealed class Lanes(TimeProvider time, Action<Mail> post)
{
    static readonly TimeSpan RestFirst = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan RestMax = TimeSpan.FromSeconds(15);

    readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>A call to a target; what it has seen, if that was its purpose, is put into the picture.</summary>
    public delegate Task<Func<Seen, Seen>?> Call(CancellationToken cancel);

    sealed class Lane
    {
        public bool Busy { get; set; }
        public TimeSpan Rest { get; set; }
        public DateTimeOffset RestsUntil { get; set; }
    }

    /// <summary>
    /// Starts the call unless its lane is busy or resting; what is still needed is offered again later.
    /// </summary>
    public bool Offer(string name, TimeSpan timeout, Place? touches, Call call)
    {
        var lane = Of(name);
        if (lane.Busy || time.GetUtcNow() < lane.RestsUntil) return false;
        lane.Busy = true;
        _ = Carry(name, timeout, touches, call);
        return true;
    }

    /// <summary>The lane is free again, after a rest when the call has failed.</summary>
    public void Return(Mail.Returned returned)
    {
        if (returned.Failure is null)
        {
            _lanes.Remove(returned.Lane);
            return;
        }

        var lane = Of(returned.Lane);
        lane.Busy = false;
        lane.Rest = lane.Rest == TimeSpan.Zero ? RestFirst : lane.Rest * 2;
        if (lane.Rest > RestMax) lane.Rest = RestMax;
        lane.RestsUntil = time.GetUtcNow() + lane.Rest;
    }

    /// <summary>When the next lane has rested: what failed there is wanted still, and nobody else says so.</summary>
    public DateTimeOffset? Rested(DateTimeOffset now) => _lanes.Values
        .Where(lane => !lane.Busy && lane.RestsUntil > now).Min(lane => (DateTimeOffset?)lane.RestsUntil);

    Lane Of(string name)
    {
        if (!_lanes.TryGetValue(name, out var lane)) _lanes.Add(name, lane = new());
        return lane;
    }

    /// <summary>Never throws: whatever happens is told through the mailbox.</summary>
    async Task Carry(string name, TimeSpan timeout, Place? touches, Call call)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        try
        {
            var seen = await call(expiry.Token).WaitAsync(expiry.Token);
            post(new Mail.Returned(name, touches, seen, null));
        }
        catch (Exception e) when (e is not BrokenInvariantException)
        {
            post(new Mail.Returned(name, touches, null, e));
        }
    }
}
