using System.Text.Json.Serialization;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Releases;

/// <summary>
/// What changed a decision; what was merely seen is not here. Written once, folded for ever: a name or a field is never
/// taken away or given another meaning, new ones have defaults.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Registered), "registered")]
[JsonDerivedType(typeof(Changed), "changed")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Entered), "entered")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(Tolerated), "tolerated")]
[JsonDerivedType(typeof(Weighed), "weighed")]
[JsonDerivedType(typeof(Judged), "judged")]
[JsonDerivedType(typeof(Promoted), "promoted")]
[JsonDerivedType(typeof(Paused), "paused")]
[JsonDerivedType(typeof(Held), "held")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(TurnedBack), "turnedBack")]
[JsonDerivedType(typeof(Hurried), "hurried")]
[JsonDerivedType(typeof(Noticed), "noticed")]
[JsonDerivedType(typeof(Dropped), "dropped")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Cooled), "cooled")]
[JsonDerivedType(typeof(Unguarded), "unguarded")]
[JsonDerivedType(typeof(Removed), "removed")]
public abstract record Event
{
    Event() { }

    public sealed record Registered(ServiceSpec Spec) : Event;

    /// <summary>A changed slipway.yaml: applied at once when nothing runs, else after the release.</summary>
    public sealed record Changed(ServiceSpec Spec) : Event;

    /// <summary>A deployment waits for the running release to end; a newer one takes its place.</summary>
    public sealed record Asked(Deployment Deployment) : Event;

    /// <summary>The deployment that waited can no longer be carried out.</summary>
    public sealed record Dropped(string Why) : Event;

    /// <summary>
    /// The whole plan is journalled, so a release is carried out as it was shown whatever the code becomes.
    /// </summary>
    public sealed record Started(int Release, RunKind Kind, Fleet Candidate, Budget Budget, Seq<Step> Plan) : Event
    {
        public Revision? NewRevision { get; init; }

        /// <summary>Started by itself, not by a person: why.</summary>
        public Reason Reason { get; init; } = Reason.Asked;
        public string Why { get; init; } = "";
    }

    /// <summary>Ends the step before and wants this one, in one.</summary>
    public sealed record Entered(int Step) : Event;

    public sealed record Answered(bool Passed, string Text) : Event;

    /// <summary>A fleet is short of this many instances, and the release goes on.</summary>
    public sealed record Tolerated(Fleet Fleet, int Failed) : Event;

    /// <summary>The gates' sums so far: after a crash they go on from here.</summary>
    public sealed record Weighed(JudgeState State) : Event;

    /// <summary>A gate has come to a verdict, with its evidence in words.</summary>
    public sealed record Judged(string Gate, Verdict Verdict, string Evidence) : Event
    {
        /// <summary>When the harm began, as far as the evidence tells.</summary>
        public DateTimeOffset? Since { get; init; }
    }

    public sealed record Promoted(bool Full) : Event;

    public sealed record Paused(Reason Reason, string Why) : Event;

    /// <summary>A partial way back: the candidate keeps this share until somebody resumes or aborts.</summary>
    public sealed record Held(Share At) : Event;

    public sealed record Resumed : Event;

    public sealed record TurnedBack(Reason Reason, string Why, Seq<Step> Plan) : Event;

    /// <summary>The way back stops waiting for requests to end.</summary>
    public sealed record Hurried : Event;

    /// <summary>Something that a person should know and that the release itself cannot mend.</summary>
    public sealed record Noticed(string Text) : Event;

    public sealed record Ended(Outcome Outcome) : Event;

    /// <summary>The previous fleet is not kept warm any longer.</summary>
    public sealed record Cooled(Fleet Fleet) : Event;

    /// <summary>Nothing goes back by itself any longer; the previous fleet stays warm, and a person can.</summary>
    public sealed record Unguarded(string Why) : Event;

    /// <summary>A service that nothing was ever deployed to is gone without a release.</summary>
    public sealed record Removed : Event;
}

/// <summary>An event at its place in its stream.</summary>
public sealed record Recorded(long Sequence, DateTimeOffset At, Event Event)
{
    public string By { get; init; } = "";

    /// <summary>The id of the command that led to it, if one did, and what it wanted.</summary>
    public string? Command { get; init; }
}
