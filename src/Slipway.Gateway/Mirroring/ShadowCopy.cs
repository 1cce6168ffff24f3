using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Mirroring;

/// <summary>
/// A copy of one request on its way to the shadow. The user's side says what the user got, or that nobody will know;
/// when both answers are there they are compared.
/// </summary>
public sealed class ShadowCopy
{
    readonly ShadowStats _stats;
    readonly Lock _gate = new();
    Answer? _user;
    Answer? _shadow;
    bool _over;

    internal ShadowCopy(ShadowStats stats, Site site, FleetTraffic to, string method, string target)
    {
        (_stats, Site, To, Method, Target) = (stats, site, to, method, target);
        Route = Telemetry.RouteClasses.NameOf(method, target.Split('?', 2)[0]);
    }

    internal Site Site { get; }
    internal FleetTraffic To { get; }
    internal string Method { get; }
    internal string Target { get; }
    internal string Route { get; }
    internal List<(string Name, string Value)> Fields { get; } = [];
    internal string Host { get; init; } = "";
    internal byte[] Body { get; init; } = [];

    /// <summary>What the user got. The digest is that of the body without its transfer coding.</summary>
    public void Answered(int status, long microseconds, ulong digest) =>
        Settle(ref _user, new(status, microseconds, digest));

    /// <summary>The user got no whole answer: there is nothing to compare with.</summary>
    public void Abandoned()
    {
        lock (_gate)
        {
            if (_over) return;
            _over = true;
        }

        _stats.Dropped(Route);
    }

    internal void ShadowAnswered(Answer answer) => Settle(ref _shadow, answer);

    internal void ShadowFailed()
    {
        lock (_gate)
        {
            if (_over) return;
            _over = true;
        }

        _stats.Failed(Route);
    }

    void Settle(ref Answer? side, Answer answer)
    {
        lock (_gate)
        {
            if (_over) return;
            side = answer;
            if (_user is null || _shadow is null) return;
            _over = true;
        }

        _stats.Compared(Route, _user.Value, _shadow.Value);
    }
}
