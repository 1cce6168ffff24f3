using System.Text;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>One service: its table, its fleets, and the way a request is told where to go.</summary>
public sealed class Site
{
    readonly FleetBook _fleets;
    volatile SiteOptions _options = new();
    volatile bool _removed;
    volatile string? _certificateTrouble;
    CompiledTable _table;

    internal Site(string name, int slot, Ground ground)
    {
        (Name, Slot, Ground) = (name, slot, ground);
        NameBytes = Encoding.UTF8.GetBytes(name);
        _fleets = new(this);
        _table = new(RouteTable.Closed, 0, _fleets.Of);
        CookieKey = SipHash.Derived(ground.Secret, $"cookie of {name}");
        SlowStart = Limits.SlowStart.TotalSeconds * ground.Time.TimestampFrequency;
    }

    public string Name { get; }

    public SiteOptions Options
    {
        get => _options;
        internal set
        {
            _options = value;
            CookiePath = Encoding.ASCII.GetBytes(value.Path);
        }
    }

    /// <summary>Why its users are not served with the certificate that its files hold; null when all is well.</summary>
    public string? CertificateTrouble
    {
        get => _certificateTrouble;
        internal set => _certificateTrouble = value;
    }

    /// <summary>Nobody has a certificate for its users, not even one from before.</summary>
    internal bool LacksCertificate { get; set; }

    /// <summary>The fleets that traffic has to do with.</summary>
    public IReadOnlyList<FleetTraffic> Fleets => _fleets.All;

    internal int Slot { get; }

    /// <summary>Requests may still be under way; its place may be another's.</summary>
    internal bool IsRemoved => _removed;
    internal byte[] NameBytes { get; }
    internal Ground Ground { get; }
    internal TimeProvider Time => Ground.Time;
    internal SipHash CookieKey { get; }
    internal byte[] CookiePath { get; private set; } = "/"u8.ToArray();
    internal double SlowStart { get; }
    internal FleetBook Book => _fleets;
    internal CompiledTable Table => Volatile.Read(ref _table);

    /// <summary>For tests: what happens between the look at the table and the count.</summary>
    internal Action? Meanwhile { get; set; }

    /// <summary>
    /// Tells a request where to go. It is counted first, then the table is read again: if another one has come in
    /// between, the count is given back and everything begins anew. So once a swap is acknowledged no request enters a
    /// fleet that the new table does not name, and whoever drains it waits for a set that does not grow.
    /// </summary>
    /// <param name="not">Has just failed: if it is alone in its fleet, the other side of the split answers.</param>
    public Claim Claim(RequestHead head, in Caller caller, Lane lane, Instance? not = null)
    {
        while (true)
        {
            var table = Volatile.Read(ref _table);
            var resolution = new Resolution { Table = table };
            Resolve(table, head, caller, lane, not, ref resolution);
            if (resolution.Verdict != Verdict.Forward) return new(this, lane, resolution, head, caller.Secure);

            var fleet = resolution.Fleet!;
            Meanwhile?.Invoke();
            fleet.InFlight.Enter();
            if (Volatile.Read(ref _table) == table && (!resolution.Pinned || fleet.MayKeep(lane.Now)))
                return new(this, lane, resolution, head, caller.Secure);
            fleet.InFlight.Leave();
        }
    }

    internal void Leave() => _removed = true;

    /// <summary>As one that nobody has told of before, but for what it has counted.</summary>
    internal void Return()
    {
        Swap(new(RouteTable.Closed, 0, _fleets.Of));
        _fleets.Tell([]);
        _removed = false;
    }

    /// <summary>Puts a table in the place of the old one. Afterwards no request obeys the old one any more.</summary>
    internal void Swap(CompiledTable table) => Interlocked.Exchange(ref _table, table);

    void Resolve(
        CompiledTable table, RequestHead head, in Caller caller, Lane lane, Instance? not, ref Resolution r)
    {
        if (table.Affinity is { } affinity) Recognise(affinity, head, caller, lane, ref r);
        var target = table.Find(new Asked(head, caller.Address, WordOf(r), lane), out r.Preview);
        if (target.Verdict != Verdict.Forward)
        {
            (r.Verdict, r.HoldAtMost) = (target.Verdict, target.HoldAtMost);
            return;
        }

        r.Fleet = target.Main;
        if (!r.Preview && r.Cookie.IsLive && _fleets.Find(new((int)r.Cookie.Fleet)) is { } home
            && home.MayKeep(lane.Now))
        {
            (r.Fleet, r.Pinned) = (home, true);
            home.SawSession(lane.Now);
        }
        else if (target.Other is not null && IsOther(target, r.User, lane))
        {
            r.Fleet = target.Other;
        }

        if (r.Pinned || r.Fleet!.HasReadyBut(not)) return;
        var twin = r.Fleet == target.Main ? target.Other : target.Main;
        if (twin is { HasReady: true })
        {
            r.Fleet = twin; // nobody is there: the other side of the split answers rather than let users wait
            return;
        }

        if (!r.Fleet.HasReady) (r.Verdict, r.HoldAtMost, r.Fleet) = (Verdict.Hold, _options.Hold, null);
    }

    /// <summary>
    /// Whoever comes for the first time is new. Of whom the app has said nothing, or can say nothing, it may be in the
    /// middle of something.
    /// </summary>
    static SessionWord WordOf(in Resolution r)
    {
        if (r.Table!.Affinity is not { Key: AffinityKey.Cookie }) return SessionWord.Active;
        return !r.Known ? SessionWord.New : r.Cookie.Session.IsNone ? SessionWord.Active : r.Cookie.Session;
    }

    bool IsOther(CompiledTarget target, ulong? user, Lane lane) => user is { } known
        ? CompiledAffinity.PointOf(known) < target.Basis
        : lane.Of(this).Next(target.At, target.Basis, ref lane.Chance);

    /// <summary>Who is it? A user without a cookie gets one; without a header nobody is known.</summary>
    void Recognise(CompiledAffinity affinity, RequestHead head, in Caller caller, Lane lane, ref Resolution r)
    {
        r.ToInstance = affinity.ToInstance;
        switch (affinity.Key)
        {
            case AffinityKey.Cookie:
                RecogniseByCookie(affinity, head, lane, ref r);
                return;
            case AffinityKey.Header:
                if (head.TryGet(affinity.Name, out var value)) r.User = affinity.Placing.Of(value);
                return;
            default:
                Span<byte> address = stackalloc byte[16];
                caller.Address.CopyTo(address);
                r.User = affinity.Placing.Of(address);
                return;
        }
    }

    /// <summary>
    /// What we have not sealed counts as none, and so does what is older than it may become. Whoever comes with a
    /// cookie of more than half its time gets a fresh one, so that those who keep coming stay the same.
    /// </summary>
    void RecogniseByCookie(CompiledAffinity affinity, RequestHead head, Lane lane, ref Resolution r)
    {
        r.Known = Fields.TryCookie(head, affinity.Name, out var text)
            && UserCookie.TryRead(text, CookieKey, out r.Cookie)
            && (long)lane.Seconds - r.Cookie.MadeAt <= affinity.TtlSeconds;
        if (!r.Known)
            (r.Cookie, r.SetCookie) = (new(lane.Chance.Next(), lane.Seconds, 0, SessionWord.None), true);
        else if ((long)lane.Seconds - r.Cookie.MadeAt > affinity.TtlSeconds / 2)
            (r.Cookie, r.SetCookie) = (r.Cookie with { MadeAt = lane.Seconds }, true);
        r.User = affinity.Placing.Of(r.Cookie.Id);
    }
}

/// <summary>What all sites of a gateway stand on.</summary>
sealed record Ground(TimeProvider Time, byte[] Secret)
{
    long _births;

    public SlotBook Slots { get; } = new();

    /// <summary>Null while nobody sends to shadows.</summary>
    public Shadows? Shadows { get; set; }

    /// <summary>A number that no other fleet of this gateway has had, also not one of the same name.</summary>
    public long Birth() => Interlocked.Increment(ref _births);
}
