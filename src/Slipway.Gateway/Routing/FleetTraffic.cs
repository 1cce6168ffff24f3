using System.Text;
using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>One fleet as traffic sees it: who is in it now, and what is under way to it.</summary>
public sealed class FleetTraffic
{
    volatile Roster _roster = Roster.Empty;
    volatile Injection? _injection;
    int _aside;
    int _sessions;
    long _sessionSeen;
    string _version = "";

    internal FleetTraffic(Site site, Fleet fleet, int slot, long born)
    {
        (Site, Fleet, Slot, Born) = (site, fleet, slot, born);
        Label = fleet.ToString();
        LabelBytes = Encoding.ASCII.GetBytes(Label);
    }

    public Fleet Fleet { get; }

    /// <summary>The version's name; empty until the members were told.</summary>
    public string Version
    {
        get => _version;
        internal set
        {
            if (_version == value) return;
            _version = value;
            VersionLine = value.Length > 0 && value.All(c => c is > ' ' and < (char)127)
                ? Encoding.ASCII.GetBytes($"X-Slipway-Version: {value}\r\n")
                : [];
        }
    }

    /// <summary>A header line that names the version; empty until it is known.</summary>
    public byte[] VersionLine { get; private set; } = [];

    /// <summary>What people call the fleet: r7.</summary>
    public string Label { get; }
    internal byte[] LabelBytes { get; }

    public long UnderWay => InFlight.Count;

    internal Site Site { get; }
    internal int Slot { get; }

    /// <summary>Counts of a fleet that was forgotten and came back are no continuation.</summary>
    internal long Born { get; }

    internal InFlight InFlight { get; } = new();

    internal Roster Roster
    {
        get => _roster;
        set
        {
            _roster = value;
            // Whoever reads requests under way afterwards must have seen this; see Site.Claim.
            Interlocked.MemoryBarrier();
        }
    }

    internal Injection? Injection
    {
        get => _injection;
        set => _injection = value;
    }

    internal bool HasReady => _roster.Ready.Length > 0;

    /// <summary>Somebody else than this one.</summary>
    internal bool HasReadyBut(Instance? not) => _roster.Ready switch
    {
        [] => false,
        [var one] => one != not,
        _ => true,
    };

    /// <summary>Whether a live session may stay here: somebody is there, and has time left.</summary>
    internal bool MayKeep(long now)
    {
        var roster = _roster;
        if (roster.Ready.Length > 0) return true;
        foreach (var leaving in roster.Leaving)
            if (!leaving.MustEnd(now)) return true;
        return false;
    }

    /// <summary>
    /// Sessions live here as far as we have heard: some have begun and not ended, and something came lately.
    /// </summary>
    internal bool HasSessions(long now) => Volatile.Read(ref _sessionSeen) is var seen && seen != 0
        && Site.Time.GetElapsedTime(seen, now) < Limits.SessionIdle;

    internal void SawSession(long now)
    {
        if (Volatile.Read(ref _sessionSeen) != now) Volatile.Write(ref _sessionSeen, now);
    }

    internal void SessionBegan(long now)
    {
        Interlocked.Increment(ref _sessions);
        SawSession(now);
    }

    /// <summary>After a restart of ours more may end than have begun: then none is known of.</summary>
    internal void SessionEnded()
    {
        if (Interlocked.Decrement(ref _sessions) > 0) return;
        Volatile.Write(ref _sessions, 0);
        Volatile.Write(ref _sessionSeen, 0);
    }

    /// <summary>Counts as one who is inside until it is done; null when nobody is there.</summary>
    internal Instance? Pick(Instance? not, ulong? user, bool pinned, Lane lane)
    {
        while (true)
        {
            var roster = _roster;
            var chosen = user is { } known
                ? roster.Highest(known, not, pinned, lane)
                : roster.LeastOfTwo(not, lane, Site.SlowStart, Volatile.Read(ref _aside) > 0);
            if (chosen is null && pinned && roster.Leaving.Length > 0) chosen = roster.Leaving[0];
            if (chosen is null) return null;
            chosen.InFlight.Enter();
            var now = _roster;
            if (now == roster || now.Has(chosen, pinned)) return chosen;
            chosen.InFlight.Leave();
        }
    }

    /// <summary>At most half of the fleet, so never the last.</summary>
    internal bool MayPutAside()
    {
        while (true)
        {
            var aside = Volatile.Read(ref _aside);
            if ((aside + 1) * 2 > _roster.Ready.Length) return false;
            if (Interlocked.CompareExchange(ref _aside, aside + 1, aside) == aside) return true;
        }
    }

    internal void TakeBack() => Interlocked.Decrement(ref _aside);

    /// <summary>After the instances have changed.</summary>
    internal void CountAside() => Volatile.Write(ref _aside, _roster.Ready.Count(one => one.IsAside));
}
