using System.Text.Json.Serialization;
using Slipway.Specification;

namespace Slipway.Routing;

/// <summary>
/// The instances of one revision. Its number is the revision's: blue and green are only a way to show two of them.
/// </summary>
public readonly record struct Fleet(int Revision) : IComparable<Fleet>
{
    public int CompareTo(Fleet other) => Revision.CompareTo(other.Revision);
    public override string ToString() => $"r{Revision}";
}

/// <summary>
/// Who gets a request. Rules are tried in order, the first that matches wins, <see cref="Rest"/> takes what is left.
/// Immutable and swapped as a whole; the members of a fleet (addresses, readiness) travel apart.
/// </summary>
public sealed record RouteTable(Target Rest)
{
    public static readonly RouteTable Closed = new(new Target.Refuse());

    public Seq<Rule> Rules { get; init; } = [];
    public Mirror? Mirror { get; init; }
    public AffinitySpec? Affinity { get; init; }

    /// <summary>Salt of the affinity hash: new for each release, so that the same users are not always first.</summary>
    public string Salt { get; init; } = "";

    /// <summary>
    /// The largest share that any rule, the rest or the mirror sends to this fleet: zero means that nobody reaches it.
    /// </summary>
    public Share WeightOf(Fleet fleet) =>
        Targets.Select(target => target.WeightOf(fleet)).Append(Rest.WeightOf(fleet))
            .Append(Mirror?.To == fleet ? Mirror.Share : Share.None).Max();

    /// <summary>The share of ordinary requests, the ones that no rule singles out.</summary>
    public Share ShareOf(Fleet fleet) => Rest.WeightOf(fleet);

    /// <summary>
    /// Users get it, by their share or by a rule that singles some out. Who asks for the preview is no user, nor is a
    /// copy.
    /// </summary>
    public bool ShowsUsers(Fleet fleet) => ShareOf(fleet) > Share.None
        || Rules.Any(rule => !rule.IsPreview && rule.Target.WeightOf(fleet) > Share.None);

    [JsonIgnore]
    public IEnumerable<Fleet> Fleets =>
        Targets.Append(Rest).OfType<Target.Split>()
            .SelectMany(split => split.Other is { } other ? [split.Main, other] : new[] { split.Main })
            .Concat(Mirror is { } mirror ? [mirror.To] : Array.Empty<Fleet>())
            .Where(fleet => WeightOf(fleet) > Share.None)
            .Distinct();

    [JsonIgnore]
    public bool Holds => Rest is Target.Hold;

    IEnumerable<Target> Targets => Rules.Select(rule => rule.Target);

    public override string ToString() => string.Join("; ", Rules.Select(rule => rule.ToString())
        .Append(Rest.ToString())
        .Concat(Mirror is { } mirror ? [$"mirror {mirror.Share} to {mirror.To}"] : Array.Empty<string>()));
}

/// <summary>Where a rule leads.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Split), "split")]
[JsonDerivedType(typeof(Hold), "hold")]
[JsonDerivedType(typeof(Refuse), "refuse")]
public abstract record Target
{
    Target() { }

    public virtual Share WeightOf(Fleet fleet) => Share.None;

    /// <summary>
    /// At most two fleets: <paramref name="Other"/> gets <paramref name="Share"/>, <paramref name="Main"/> the rest.
    /// </summary>
    public sealed record Split(Fleet Main, Fleet? Other, Share Share) : Target
    {
        public override Share WeightOf(Fleet fleet) => fleet == Main ? Share.Rest : fleet == Other ? Share : Share.None;
        public override string ToString() =>
            Other is { } other && Share > Share.None ? $"{Main} {Share.Rest}, {other} {Share}" : $"{Main} 100 %";
    }

    /// <summary>Requests wait, each at most <paramref name="AtMost"/> from its own arrival.</summary>
    public sealed record Hold(TimeSpan AtMost) : Target
    {
        public override string ToString() => "hold";
    }

    public sealed record Refuse : Target
    {
        public override string ToString() => "refuse";
    }

    public static Target All(Fleet fleet) => new Split(fleet, null, Share.None);

    public static Target Between(Fleet main, Fleet other, Share share) =>
        share == Share.None ? All(main) : share == Share.All ? All(other) : new Split(main, other, share);
}

public sealed record Rule(string Name, Match When, Target Target)
{
    public const string PreviewName = "preview";

    /// <summary>For those who ask for one version by name, to look at it; no user comes here by chance.</summary>
    [JsonIgnore]
    public bool IsPreview => Name.StartsWith(PreviewName, StringComparison.Ordinal);

    public override string ToString() => $"{Name}: {Target}";
}

/// <summary>A copy of a share of the requests goes to a shadow fleet; its answers are dropped.</summary>
public sealed record Mirror(Fleet To, Share Share, Seq<string> Methods);
