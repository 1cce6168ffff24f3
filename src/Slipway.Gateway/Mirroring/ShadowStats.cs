using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;

namespace Slipway.Gateway.Mirroring;

/// <summary>How the shadow answered beside the user's answer, summed up for one route.</summary>
public sealed record ShadowRoute(string Route)
{
    public long Compared { get; init; }
    public long SameStatus { get; init; }
    public long SameBody { get; init; }

    /// <summary>A quarter faster or slower than the user's answer, and more than a millisecond.</summary>
    public long Faster { get; init; }
    public long Slower { get; init; }

    /// <summary>The shadow gave no answer: not reached, too slow, or broken off.</summary>
    public long Failed { get; init; }

    /// <summary>
    /// Copies that were not sent or not compared: too many waited, the body was too long or had not come with its head,
    /// or the user has gone.
    /// </summary>
    public long Dropped { get; init; }
}

/// <summary>One answer, as much of it as is compared.</summary>
readonly record struct Answer(int Status, long Microseconds, ulong Digest);

/// <summary>The comparisons of one site.</summary>
sealed class ShadowStats
{
    readonly Lock _gate = new();
    readonly Dictionary<string, ShadowRoute> _routes = new(StringComparer.Ordinal);

    public Seq<ShadowRoute> All
    {
        get
        {
            lock (_gate) return _routes.Values.OrderBy(route => route.Route, StringComparer.Ordinal).ToSeq();
        }
    }

    public void Dropped(string route) => Change(route, known => known with { Dropped = known.Dropped + 1 });

    public void Failed(string route) => Change(route, known => known with { Failed = known.Failed + 1 });

    public void Compared(string route, Answer user, Answer shadow)
    {
        var difference = shadow.Microseconds - user.Microseconds;
        var differs = Math.Abs(difference) > Math.Max(1_000, user.Microseconds / 4);
        Change(route, known => known with
        {
            Compared = known.Compared + 1,
            SameStatus = known.SameStatus + (user.Status == shadow.Status ? 1 : 0),
            SameBody = known.SameBody + (user.Digest == shadow.Digest ? 1 : 0),
            Faster = known.Faster + (differs && difference < 0 ? 1 : 0),
            Slower = known.Slower + (differs && difference > 0 ? 1 : 0),
        });
    }

    void Change(string route, Func<ShadowRoute, ShadowRoute> change)
    {
        lock (_gate)
        {
            var name = _routes.ContainsKey(route) || _routes.Count < Limits.Routes ? route : RouteClasses.OtherName;
            _routes[name] = change(_routes.GetValueOrDefault(name) ?? new(name));
        }
    }
}
