using Slipway.Gateway.Routing;
using Slipway.Routing;

namespace Slipway.Gateway.Control;

/// <summary>A table, and the sequence of the event that asked for it.</summary>
public sealed record TableOrder(RouteTable Table, long Since);

/// <summary>Who is there now: the whole of it, with a number that grows with every change.</summary>
public sealed record MembersOrder(Seq<Member> Members, long Sequence);

/// <param name="Instance">None: the whole fleet.</param>
public sealed record DrainOrder(Fleet Fleet, string? Instance)
{
    /// <summary>How long what is under way may take; none: as long as the site says.</summary>
    public TimeSpan? Within { get; init; }
}

/// <summary>The answer comes when it is drained, or after a while all the same: then ask again.</summary>
public sealed record DrainAnswer(bool Drained, long UnderWay);

/// <summary>A drill: a share of the requests is delayed, or answered with a status; a share of zero ends it.</summary>
public sealed record InjectOrder(Fleet Fleet, Share Share, TimeSpan For)
{
    public TimeSpan Delay { get; init; }
    public int? Status { get; init; }
}

/// <summary>What a gateway has of a service.</summary>
public sealed record SiteState(string Service)
{
    public SiteOptions? Options { get; init; }
    public RouteTable Table { get; init; } = RouteTable.Closed;
    public long Since { get; init; }
    public Seq<Member> Members { get; init; } = [];
    public long Sequence { get; init; }

    /// <summary>False after a reboot, until somebody says who is there: an old port may be a stranger's.</summary>
    public bool Confirmed { get; init; } = true;

    /// <summary>Taken away; what is older than this stays refused.</summary>
    public bool Removed { get; init; }
}

/// <param name="Trouble">
/// What could not be kept on the disk, or not be read, and why; null when all is well.
/// </param>
public sealed record GatewayState(string Epoch, string? Trouble, Seq<SiteState> Sites)
{
    /// <summary>What of it belongs to one service.</summary>
    public Seq<SiteTrouble> Troubles { get; init; } = [];
}

public sealed record SiteTrouble(string Service, string What)
{
    /// <summary>Its users notice nothing yet: they are served with what was there before.</summary>
    public bool IsServed { get; init; }
}

/// <summary>Why an order was refused; <paramref name="Accepted"/> when it came too late.</summary>
public sealed record Refusal(string Error, long? Accepted = null);
