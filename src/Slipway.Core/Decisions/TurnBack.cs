using Slipway.Releases;

namespace Slipway.Decisions;

/// <summary>Why a release turns back. The reason and the whole way back are one append.</summary>
sealed record TurnBack(Reason Reason, string Why)
{
    /// <summary>What led to it, journalled before it.</summary>
    public Event? Cause { get; init; }

    public bool Hurried { get; init; }

    public Decision Decide(Service s, Run run, Seen seen) => new(
    [
        .. Optional(Cause),
        new Event.TurnedBack(Reason, Why, WayBack.From(s, run, seen)),
        .. Optional(Hurried ? new Event.Hurried() : null),
    ]);

    static Event[] Optional(Event? e) => e is null ? [] : [e];
}
