using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What a compiler knows: who comes, who is there, how many, and how traffic is told apart.</summary>
public sealed record Situation(ServiceSpec Spec, Revision Revision, int Release)
{
    /// <summary>The revision that serves now; none before the first deploy.</summary>
    public Revision? StableRevision { get; init; }
    public int StableSize { get; init; }

    /// <summary>How many of the candidate are running already: all of them when the fleet is still warm.</summary>
    public int CandidateSize { get; init; }
    public RouteTable Table { get; init; } = RouteTable.Closed;

    public static Situation Of(Service service, ServiceSpec spec, Revision revision) =>
        new(spec, revision, service.Releases + 1)
        {
            StableRevision = service.StableRevision,
            StableSize = service.Stable is { } stable ? service.Want.SizeOf(stable) : 0,
            CandidateSize = service.Want.SizeOf(revision.Fleet),
            Table = service.Want.Table.Value,
        };

    /// <summary>
    /// From the file alone: one revision serves as the file says, another comes, and nothing else was ever deployed.
    /// </summary>
    public static Situation Upgrade(ServiceSpec spec, string from, string to)
    {
        var stable = new Revision(1, from, spec);
        return new(spec, new(2, to, spec) { Shadow = spec.Strategy is StrategySpec.Shadow }, 2)
        {
            StableRevision = stable,
            StableSize = spec.Replicas,
            Table = new(Target.All(stable.Fleet)) { Salt = $"{spec.Service}-1", Affinity = spec.Traffic.Affinity },
        };
    }

    public Fleet Candidate => Revision.Fleet;
    public Fleet Stable => StableRevision?.Fleet ?? throw new PlanException("There is no version to compare with yet.");
    public int Replicas => Spec.Replicas;

    /// <summary>Without gates there is nothing that requests could decide.</summary>
    public int Evidence(int minRequests) => Spec.Gates.Count == 0 ? 0 : minRequests;

    public bool IsFirst => StableRevision is null;

    /// <summary>The table once the candidate is stable.</summary>
    public RouteTable Settled => Base(Target.All(Candidate));

    /// <summary>
    /// Traffic as before, and each colour under its own preview address: <c>Slipway-Preview: VERSION</c>.
    /// </summary>
    public RouteTable Preview => Split(Share.None);

    /// <summary>The same for everybody, and the candidate under its preview address.</summary>
    public RouteTable Previewed(RouteTable table) => !IsFirst && table == Table
        ? Preview
        : table with { Rules = [.. table.Rest is Target.Split ? Previews : Previews.Last(1), .. table.Rules] };

    public RouteTable Split(Share share) => Weighted(share) with { Rules = Previews };

    public RouteTable Weighted(Share share) => Base(Target.Between(Stable, Candidate, share));

    /// <summary>As a split, with rules for those who are treated apart.</summary>
    public RouteTable Split(Share share, IEnumerable<SegmentRule> rules) => Split(share) with
    {
        Rules = Previews.AddRange(rules.Select(rule => new Rule(rule.Name, rule.When, TargetOf(rule, share)))),
    };

    Target TargetOf(SegmentRule rule, Share share) => Target.All(Sees(rule, share) ? Candidate : Stable);

    public RouteTable Holding(bool preview = false) =>
        Base(new Target.Hold(HoldAtMost)) with { Rules = preview ? Previews.Last(1) : [] };

    RouteTable Base(Target rest) => new(rest) { Salt = $"{Spec.Service}-{Release}", Affinity = Spec.Traffic.Affinity };

    static bool Sees(SegmentRule rule, Share share) => rule.To == Side.Candidate && share >= rule.From;

    Seq<Rule> Previews => IsFirst
        ? [Previewed("candidate", Revision)]
        : [Previewed("stable", StableRevision!), Previewed("candidate", Revision)];

    static Rule Previewed(string role, Revision revision) => new(
        $"{Rule.PreviewName} {role}",
        new Match([new Condition(Subject.Header, "Slipway-Preview", Comparison.In, [role, revision.Version])]),
        Target.All(revision.Fleet));

    TimeSpan HoldAtMost => Spec.Strategy is StrategySpec.Recreate recreate ? recreate.Hold : Spec.Traffic.Hold;
}
