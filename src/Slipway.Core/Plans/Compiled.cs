namespace Slipway.Plans;

/// <summary>A plan, and what it may cost while it is carried out.</summary>
public sealed record Compiled(Budget Budget, Seq<Step> Steps);
