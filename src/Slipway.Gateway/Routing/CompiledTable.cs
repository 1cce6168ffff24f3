using System.Text;
using Slipway.Gateway.Http;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>A route table made ready to be asked a million times a second.</summary>
sealed class CompiledTable
{
    readonly CompiledRule[] _rules;
    readonly CompiledTarget _rest;

    /// <exception cref="RouteTableException">It cannot be served.</exception>
    public CompiledTable(RouteTable source, long since, Func<Fleet, FleetTraffic> fleetOf)
    {
        if (source.Rules.Count > Limits.Rules)
            throw new RouteTableException($"The table has {source.Rules.Count} rules: {Limits.Rules} at most.");
        (Source, Since) = (source, since);
        _rules = [.. source.Rules.Select((rule, at) => new CompiledRule(rule, at + 1, fleetOf))];
        _rest = CompiledTarget.Of(source.Rest, 0, fleetOf);
        Affinity = source.Affinity is { } affinity ? new(affinity, SipHash.Salted(source.Salt)) : null;
        Affinity?.Check();
        Mirror = source.Mirror is { } mirror && mirror.Share > Share.None
            ? new(mirror, fleetOf(mirror.To), _rules.Length + 1)
            : null;
    }

    public RouteTable Source { get; }
    public long Since { get; }
    public CompiledAffinity? Affinity { get; }
    public CompiledMirror? Mirror { get; }

    /// <summary>Each split, and the mirror, draws by itself: so many.</summary>
    public int Draws => _rules.Length + 2;

    public CompiledTarget Find(in Asked asked, out bool preview)
    {
        foreach (var rule in _rules)
            if (rule.Takes(asked))
            {
                preview = rule.IsPreview;
                return rule.Target;
            }

        preview = false;
        return _rest;
    }
}

sealed class CompiledRule
{
    readonly CompiledCondition[] _all;

    public CompiledRule(Rule rule, int at, Func<Fleet, FleetTraffic> fleetOf)
    {
        if (rule.When.All.Count > Limits.Conditions)
            throw new RouteTableException(
                $"Rule '{rule.Name}' has {rule.When.All.Count} conditions: {Limits.Conditions} at most.");
        _all = [.. rule.When.All.Select(condition => new CompiledCondition(condition, rule.Name))];
        Target = CompiledTarget.Of(rule.Target, at, fleetOf);
        IsPreview = rule.IsPreview;
    }

    public CompiledTarget Target { get; }
    public bool IsPreview { get; }

    public bool Takes(in Asked asked)
    {
        foreach (var condition in _all)
            if (!condition.Holds(asked)) return false;
        return true;
    }
}

/// <summary>Where a rule leads: to one of two fleets, or nowhere.</summary>
/// <param name="At">The place among the draws of the table.</param>
sealed record CompiledTarget(Verdict Verdict, FleetTraffic? Main, FleetTraffic? Other, int Basis, int At)
{
    public TimeSpan HoldAtMost { get; init; }

    public static CompiledTarget Of(Target target, int at, Func<Fleet, FleetTraffic> fleetOf) => target switch
    {
        Target.Split { Other: { } other } split when split.Share == Share.All =>
            new(Verdict.Forward, fleetOf(other), null, 0, at),
        Target.Split { Other: { } other } split when split.Share > Share.None =>
            new(Verdict.Forward, fleetOf(split.Main), fleetOf(other), split.Share.Basis, at),
        Target.Split split => new(Verdict.Forward, fleetOf(split.Main), null, 0, at),
        Target.Hold { AtMost: var most } when most < TimeSpan.Zero || most > Limits.TimeMax =>
            throw new RouteTableException(
                $"A hold takes from nothing to {Limits.TimeMax.TotalDays} days, not {most}."),
        Target.Hold hold => new(Verdict.Hold, null, null, 0, at) { HoldAtMost = hold.AtMost },
        Target.Refuse => new(Verdict.Refuse, null, null, 0, at),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

sealed class CompiledAffinity(AffinitySpec spec, SipHash placing)
{
    const string Signs = "!#$%&'*+-.^_`|~";

    public AffinityKey Key => spec.Key;
    public bool ToInstance => spec.To == AffinityTo.Instance;
    public uint TtlSeconds { get; } = (uint)Math.Clamp(spec.Ttl.TotalSeconds, 1, int.MaxValue);
    public byte[] Name { get; } = Encoding.UTF8.GetBytes(spec.Name);

    /// <summary>Keyed by the salt: users are placed anew for each release, and within one for good.</summary>
    public SipHash Placing => placing;

    /// <exception cref="RouteTableException">Its name cannot be that of a cookie or a header.</exception>
    public void Check()
    {
        if (Key == AffinityKey.Address) return;
        if (spec.Name.Length is 0 or > Limits.CookieName
            || !spec.Name.All(c => char.IsAsciiLetterOrDigit(c) || Signs.Contains(c, StringComparison.Ordinal)))
            throw new RouteTableException($"The affinity's name '{spec.Name}' cannot be that of a cookie or a header: "
                + $"1 to {Limits.CookieName} letters, digits, - and _.");
    }

    /// <summary>
    /// A place between 0 and 9,999: whoever is below the share is in it, at this share and at any larger.
    /// </summary>
    public static int PointOf(ulong user) => (int)Math.BigMul(user, Share.Whole, out _);
}

sealed class CompiledMirror(Mirror source, FleetTraffic to, int at)
{
    static readonly Seq<string> Safe = ["GET", "HEAD", "OPTIONS"];
    readonly byte[][] _methods =
        [.. (source.Methods.Count == 0 ? Safe : source.Methods).Select(Encoding.ASCII.GetBytes)];

    public FleetTraffic To => to;
    public int Basis => source.Share.Basis;
    public int At => at;

    /// <summary>What asks the gateway itself (<c>OPTIONS *</c>) is no request that a version could answer.</summary>
    public bool Takes(RequestHead head)
    {
        if (head.Path is not [(byte)'/', ..]) return false;
        foreach (var one in _methods)
            if (head.Method.SequenceEqual(one)) return true;
        return false;
    }
}
