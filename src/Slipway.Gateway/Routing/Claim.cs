using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Telemetry;

namespace Slipway.Gateway.Routing;

public enum Verdict { Forward, Hold, Refuse }

/// <summary>
/// What is to be done with one request. Between claim and release it counts as under way to its fleet: a table that was
/// acknowledged before the claim is the one that it obeys, and a drain waits for it. Used by the thread of its lane.
/// </summary>
public struct Claim
{
    readonly Site _site;
    readonly Lane _lane;
    readonly LaneSite _counted;
    readonly bool _secure;
    readonly bool _pinned;
    readonly bool _preview;
    readonly ulong? _user;
    readonly int _route;
    UserCookie _cookie;
    bool _setCookie;

    internal Claim(Site site, Lane lane, in Resolution resolution, RequestHead head, bool secure)
    {
        (_site, _lane, _secure) = (site, lane, secure);
        Verdict = resolution.Verdict;
        HoldAtMost = resolution.HoldAtMost;
        Table = resolution.Table;
        Fleet = resolution.Fleet!;
        (_pinned, _user) = (resolution.Pinned, resolution.ToInstance ? resolution.User : null);
        _preview = resolution.Preview;
        (_cookie, _setCookie) = (resolution.Cookie, resolution.SetCookie);
        _counted = lane.Of(site);
        if (resolution.Fleet is null) return;
        Counters = _counted.Of(resolution.Fleet);
        _route = _counted.Routes.Of(head.Method, head.Path);
        Mirrors = !_preview && Table is { Mirror: { } mirror } && site.Ground.Shadows is not null
            && mirror.Takes(head) && _counted.Next(mirror.At, mirror.Basis, ref lane.Chance);
        Injection = resolution.Fleet.Injection is { } injection && lane.Now < injection.Expires
            && lane.Chance.Below(Slipway.Routing.Share.Whole) < injection.Share.Basis ? injection : null;
    }

    public Verdict Verdict { get; }

    /// <summary>For <see cref="Verdict.Hold"/>: counted from the request's own arrival.</summary>
    public TimeSpan HoldAtMost { get; }

    /// <summary>Only for <see cref="Verdict.Forward"/>.</summary>
    public FleetTraffic Fleet { get; }

    /// <summary>For drills: what is to be done to this request; mostly null.</summary>
    public Injection? Injection { get; }

    /// <summary>A copy of the request is wanted for the shadow; see <see cref="Mirror"/>.</summary>
    public bool Mirrors { get; }

    internal CompiledTable? Table { get; }
    internal readonly DateTimeOffset At => _lane.Wall;
    internal readonly ReadOnlySpan<byte> ServiceName => _site.NameBytes;
    internal readonly ReadOnlySpan<byte> FleetName => Fleet is null ? default : Fleet.LabelBytes;

    /// <summary>None for a request that no fleet gets.</summary>
    internal FleetCounters? Counters { get; }

    /// <summary>
    /// Counts as under way to the instance until its Done. Null when none is ready: then the answer is 503.
    /// </summary>
    public Instance? Pick(Instance? not) => Fleet.Pick(not, _user, _pinned, _lane);

    /// <summary>The answer has to set the affinity cookie. Asked when the answer's head is written.</summary>
    public bool HasCookie => _setCookie;

    public const int CookieLengthMax = UserCookie.LengthMax + 512;

    /// <summary>The whole header line; returns its length.</summary>
    public int WriteCookie(Span<byte> into)
    {
        var affinity = Table!.Affinity!;
        var at = 0;
        Put(into, ref at, "Set-Cookie: "u8);
        Put(into, ref at, affinity.Name);
        Put(into, ref at, "="u8);
        at += _cookie.Write(into[at..], _site.CookieKey);
        Put(into, ref at, "; Path="u8);
        Put(into, ref at, _site.CookiePath);
        Put(into, ref at, "; Max-Age="u8);
        affinity.TtlSeconds.TryFormat(into[at..], out var digits, default, null);
        at += digits;
        Put(into, ref at, "; HttpOnly; SameSite=Lax"u8);
        if (_secure) Put(into, ref at, "; Secure"u8);
        Put(into, ref at, "\r\n"u8);
        return at;
    }

    /// <summary>
    /// The app said what state the user's session is in. Call it before the answer's head is written: the cookie
    /// carries it, and a live session the fleet that it lives on too.
    /// </summary>
    public void TookSession(ReadOnlySpan<byte> state)
    {
        if (Table?.Affinity is not { Key: Specification.AffinityKey.Cookie }) return;
        if (SessionWord.Told(state) is not { IsNone: false } word) return;
        var here = (uint)Fleet.Fleet.Revision;
        var lived = _cookie.IsLive && _cookie.Fleet == here;
        var next = new UserCookie(_cookie.Id, _lane.Seconds, word.IsLive ? here : 0, word);
        if (next.IsLive && !lived) Fleet.SessionBegan(_lane.Now);
        else if (!next.IsLive && lived) Fleet.SessionEnded();
        if (word == _cookie.Session && next.Fleet == _cookie.Fleet) return;
        (_cookie, _setCookie) = (next, true);
    }

    /// <summary>
    /// Takes one from the retry budget of the fleet. Release and claim anew then: a retry obeys the table of its own
    /// time.
    /// </summary>
    public bool MayRetry() => Counters is not null && Counters.MayRetry(_lane.Now, _site.Time.TimestampFrequency);

    /// <summary>It is asked once more, since its instance could not be reached or gave no answer.</summary>
    public void Retries(bool reached) => Counters?.Retry(reached);

    /// <summary>Once, when the request is over.</summary>
    public void Release()
    {
        if (Verdict == Verdict.Forward) Fleet.InFlight.Leave();
    }

    /// <summary>
    /// Once, when what came of it is known; before or after the release. Whoever looks at a preview is no user: a gate
    /// must not judge by them.
    /// </summary>
    public void Record(in Exchange exchange)
    {
        if (Counters is null || exchange.Ending == Ending.Full) _counted.Unrouted.Add(exchange, bin: -1);
        else Counters.Record(_preview ? exchange with { Kind = ExchangeKind.Probe } : exchange, _route);
    }

    /// <summary>
    /// Hands a copy of the request to the shadow, with its whole body. Null when it was dropped; else the copy wants to
    /// know what the user got. Never waits.
    /// </summary>
    internal ShadowCopy? Mirror(in Original original) =>
        Mirrors ? _site.Ground.Shadows!.Offer(_site, Table!, original) : null;

    static void Put(Span<byte> into, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into[at..]);
        at += text.Length;
    }
}

/// <summary>What the table says of one request, before it is counted.</summary>
ref struct Resolution
{
    public Verdict Verdict;
    public TimeSpan HoldAtMost;
    public CompiledTable? Table;
    public FleetTraffic? Fleet;
    public ulong? User;
    public bool ToInstance;
    public bool Pinned;
    public bool Preview;
    public bool Known;
    public UserCookie Cookie;
    public bool SetCookie;
}
