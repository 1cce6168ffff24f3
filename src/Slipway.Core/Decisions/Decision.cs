using Slipway.Releases;

namespace Slipway.Decisions;

/// <summary>What is to be journalled, or why not. No events and no refusal: nothing to do.</summary>
public sealed record Decision(Seq<Event> Events)
{
    public static readonly Decision Nothing = new([]);

    /// <summary>Why the command cannot be done, and what can be done instead.</summary>
    public string? Refusal { get; init; }

    /// <summary>The command is dealt with by these events, or needs none.</summary>
    public bool Settles { get; init; }

    /// <summary>Refused because deciding has failed, which is a fault of ours.</summary>
    public Exception? Defect { get; init; }

    public static Decision Of(params ReadOnlySpan<Event> events) => new(Seq.Create(events));
    public static Decision Refuse(string why) => new([]) { Refusal = why, Settles = true };
    public static implicit operator Decision(Event e) => Of(e);
}
