using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// What a client takes of an answer, and how long others wait for it: as long as its service lets a body be idle, since
/// it has last taken anything, and in all not longer than the slowest client that is served would need for what it has.
/// <para>
/// That there is room again is told when much of it is free, which a slow client needs minutes for. So while it seems
/// to be silent it is looked at what has really gone out; that costs nobody anything who reads.
/// </para>
/// </summary>
sealed class Uptake
{
    /// <summary>Looks within the time that a client may be silent for.</summary>
    const int Looks = 4;

    readonly WireLimits _limits;
    readonly Func<bool> _appeal;
    Wire _client = null!;
    long _idleMs, _graceMs;

    /// <summary>Given away, as far as the gateway knows without a look.</summary>
    long _moved, _movedBefore;

    /// <summary>How long it was waited for in all, since when it is now, and when it was last seen to take.</summary>
    long _waited, _since, _alive;

    /// <summary>What has arrived on the connection as a whole, and how much of the answer that is.</summary>
    long _arrived, _before, _taken;
    bool _looked;

    public Uptake(WireLimits limits)
    {
        _limits = limits;
        _appeal = IsAlive;
    }

    /// <summary>It is the client who keeps others waiting.</summary>
    public bool IsAwaited { get; private set; }

    public void Begin(TimeSpan idle)
    {
        _idleMs = (long)idle.TotalMilliseconds;
        // Who may be silent for longer than the grace is not to be cut for a pause within that.
        _graceMs = Math.Max((long)_limits.SlowGrace.TotalMilliseconds, _idleMs);
        (_moved, _movedBefore, _waited, _looked) = (0, -1, 0, false);
    }

    public void Moved(int bytes) => _moved += bytes;

    /// <summary>Until it may take more; false when there is no sense in that.</summary>
    public async Flow<bool> Wait(Wire client)
    {
        Expect(client);
        await client.Writable();
        (client.Appeal, IsAwaited) = (null, false);
        _waited += client.Loop.Now - _since;
        if (client.IsOver) return false;
        client.Until(Timed.Never);
        return true;
    }

    void Expect(Wire client)
    {
        var now = client.Loop.Now;
        (_client, _since, IsAwaited) = (client, now, true);
        if (_moved > _movedBefore) (_movedBefore, _alive) = (_moved, now);
        // What is known may be old.
        if (IsLate(now)) Look(now);
        if (IsLate(now))
        {
            client.Expire();
            return;
        }

        client.Appeal = _appeal;
        client.Until(NextLook(now));
    }

    bool IsAlive()
    {
        var now = _client.Loop.Now;
        Look(now);
        if (IsLate(now)) return false;
        _client.Until(NextLook(now));
        return true;
    }

    void Look(long now)
    {
        var delivery = _client.Delivered();
        if (!_looked)
        {
            // Nobody knows when the last of it has arrived: it may have been now.
            (_looked, _alive) = (true, now);
            _before = delivery.Arrived - Math.Max(0, _moved - delivery.OnTheWay);
        }
        else if (delivery.Arrived > _arrived)
        {
            _alive = now;
        }

        _arrived = delivery.Arrived;
        _taken = Math.Min(_moved, _arrived - _before);
    }

    bool IsLate(long now) => now - _alive >= _idleMs || _waited + now - _since > AllowedMs;

    long NextLook(long now) => Math.Min(
        Math.Min(now + Math.Max(1, _idleMs / Looks), _alive + _idleMs),
        _since + AllowedMs - _waited + 1);

    long AllowedMs => _graceMs + (_looked ? _taken : _moved) * 1000 / _limits.SlowestClient;
}
