using System.Net;
using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>Why a request got no answer from an instance.</summary>
public enum Failure { Connect, Timeout, Broken }

/// <summary>One instance as requests see it.</summary>
public sealed class Instance
{
    readonly Standing _standing;
    readonly ulong _rendezvous;
    long _leaveBy;

    internal Instance(FleetTraffic fleet, Member member, int slot, long joined)
    {
        (Fleet, Member, Slot, Joined) = (fleet, member, slot, joined);
        Address = IPAddress.TryParse(member.Host, out var address) ? address : null;
        _standing = new(fleet);
        _rendezvous = SipHash.Salted(member.Instance).Of(0);
    }

    public FleetTraffic Fleet { get; }
    public Member Member { get; }
    public string Host => Member.Host;
    public int Port => Member.Port;

    /// <summary>Null when the host is a name.</summary>
    public IPAddress? Address { get; }

    /// <summary>
    /// A small number, for pools: no two living instances have the same. It is used again when this one is gone, so
    /// whoever keeps something under it checks that it belongs to the same instance.
    /// </summary>
    public int Slot { get; }

    /// <summary>New requests do not come here; what is under way may end.</summary>
    public bool Draining => Volatile.Read(ref _leaveBy) != 0;

    /// <summary>What is still under way at its deadline is cut.</summary>
    public bool MustEnd(long now) => Volatile.Read(ref _leaveBy) is var by && by != 0 && now >= by;

    /// <summary>How long what is under way may still take; zero when the instance is not draining.</summary>
    public TimeSpan Left(long now) => Volatile.Read(ref _leaveBy) is var by && by is 0 or long.MaxValue
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Max(0, by - now) / (double)Fleet.Site.Time.TimestampFrequency);

    public long UnderWay => InFlight.Count;

    /// <summary>Set aside for now, because it failed several times in a row.</summary>
    public bool IsAside => _standing.IsAside;

    internal InFlight InFlight { get; } = new();

    /// <summary>The timestamp it came at; a very early one when it was there from the beginning.</summary>
    internal long Joined { get; }

    internal bool IsTrialDue(long now) => _standing.IsTrialDue(now);
    internal bool TakesTrial(long now) => _standing.TakesTrial(now);

    /// <summary>The same name at another address is another one.</summary>
    internal bool IsAt(Member member) => Member.Host == member.Host && Member.Port == member.Port;

    internal ulong Rendezvous(ulong user) => Chance.Mix(_rendezvous ^ user);

    /// <summary>It has answered: 502, 503 and 504 count against it.</summary>
    public void Answered(int status)
    {
        if (status is >= 502 and <= 504) _standing.Failed(1);
        else _standing.Succeeded();
    }

    public void Failed(Failure kind) => _standing.Failed(kind == Failure.Connect ? Limits.ConnectFailureCounts : 1);

    /// <summary>The request that picked it is over here. Once for each pick.</summary>
    public void Done() => InFlight.Leave();

    internal void Leave(long by) => Interlocked.CompareExchange(ref _leaveBy, by, 0);

    /// <summary>An earlier deadline wins.</summary>
    internal void Hurry(long by)
    {
        var now = Volatile.Read(ref _leaveBy);
        while ((now == 0 || by < now) && Interlocked.CompareExchange(ref _leaveBy, by, now) is var seen && seen != now)
            now = seen;
    }

    internal void Return() => Volatile.Write(ref _leaveBy, 0);
}
