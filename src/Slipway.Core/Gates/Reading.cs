using Slipway.Specification;

namespace Slipway.Gates;

public enum Verdict
{
    Undecided,

    /// <summary>Harm is refuted, and the candidate has answered enough requests in this step to say so.</summary>
    NoHarm,
    Fail,

    /// <summary>Something is wrong, but on both sides, or where no control is left to tell: pause and ask.</summary>
    NotTheRelease,

    /// <summary>The requests are not divided as the route table says: pause and ask.</summary>
    WrongSplit,
}

/// <summary>What a gate says now.</summary>
/// <param name="Harmless">Harm is refuted, however few requests that took.</param>
/// <param name="Acts">Its failure turns the release back: neither a dry run nor a mere warning.</param>
public sealed record Reading(string Gate, Verdict Verdict, string Evidence, bool Harmless = false, bool Acts = true)
{
    /// <summary>Evidence against the candidate: with chance ≤ 1/E an identical one would ever show as much.</summary>
    public double E { get; init; } = 1;
    public Severity Severity { get; init; }

    /// <summary>For how many seconds its evidence has spoken against the candidate without a break.</summary>
    public double EvidentFor { get; init; }
    public bool DryRun { get; init; }

    /// <summary>
    /// False when the metric's source is silent: that is no harm of the candidate, but no proof either.
    /// </summary>
    public bool Answering { get; init; } = true;

    /// <summary>
    /// What the candidate has shown lately in this step is out of the gate's limit, whatever that proves: no step ends
    /// well like this.
    /// </summary>
    public bool OverLimit { get; init; }

    /// <summary>
    /// For how long the service has failed as a whole with nothing beside it to compare with; 0 when it does not.
    /// </summary>
    public double OutageSeconds { get; init; }
}
