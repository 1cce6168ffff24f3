using System.Net;
using System.Text;
using Slipway.Gateway.Http;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Routing;

/// <summary>A gateway's sites with one shop on it, two fleets, one lane, and a clock that is turned by hand.</summary>
sealed class Street
{
    public const string Shop = "shop";
    public static readonly Fleet One = new(1), Two = new(2), Three = new(3);
    public static readonly Caller Anybody = new(Address.From(IPAddress.Parse("192.0.2.7")), Secure: false);

    long _since;

    public Street()
    {
        Sites = new(Time, "a secret of some length"u8);
        Lane = Sites.OpenLane();
        Sites.Put(Shop, new SiteOptions());
        Site = Sites.Find(Shop)!;
        Tell(Of(One, 2), Of(Two, 2));
    }

    public HandClock Time { get; } = new();
    public Sites Sites { get; }
    public Site Site { get; }
    public Lane Lane { get; }

    public static Seq<Member> Of(Fleet fleet, int count, int from = 0) =>
        Enumerable.Range(from, count).Select(i => new Member(fleet, $"shop-{fleet}-{i}", "127.0.0.1", 5000 + i
            + (100 * fleet.Revision))
        { Version = $"1.{fleet.Revision}" }).ToSeq();

    public void Tell(params Seq<Member>[] members) => Sites.Tell(Shop, members.SelectMany(each => each).ToSeq());

    public void Route(RouteTable table) => Sites.Route(Shop, table, ++_since);

    public static RouteTable Split(double percent, AffinitySpec? affinity = null, string salt = "shop-1") =>
        new(new Target.Split(One, Two, Share.Percent(percent))) { Affinity = affinity, Salt = salt };

    public static AffinitySpec ByCookie(AffinityTo to = AffinityTo.Version) =>
        new(AffinityKey.Cookie, "slipway") { To = to };

    public Claim Claim(RequestHead head, Lane? lane = null) => Site.Claim(head, Anybody, lane ?? Lane);

    /// <summary>Where one request goes; it is over at once.</summary>
    public Fleet Ask(RequestHead head)
    {
        var claim = Claim(head);
        claim.Verdict.ShouldBe(Verdict.Forward);
        claim.Release();
        return claim.Fleet.Fleet;
    }

    public static string CookieLine(ref Claim claim)
    {
        var line = new byte[Routing.Claim.CookieLengthMax];
        return Encoding.ASCII.GetString(line.AsSpan(0, claim.WriteCookie(line)));
    }

    /// <summary>The field that a browser sends back for a line that sets a cookie.</summary>
    public static string Returned(string line) => "Cookie: " + line["Set-Cookie: ".Length..].Split(';')[0];

    public void Pass(TimeSpan time)
    {
        Time.Now += time;
        Lane.Tick();
    }
}
