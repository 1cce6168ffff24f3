using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Decisions;

/// <summary>Something that a target is asked to do. Each carries the sequence that asked for it.</summary>
public abstract record Effect(long Since)
{
    public sealed record Resize(Fleet Fleet, int Size, long Since) : Effect(Since);

    public sealed record Apply(RouteTable Table, long Since) : Effect(Since);

    public sealed record Set(string Name, string? Value, long Since) : Effect(Since);

    public sealed record Ask(Question Question, long Since) : Effect(Since);
}

/// <summary>
/// From what is wanted and what was seen to what is to be done: grow, then route, then stop. The only place where order
/// matters. Level-triggered: what is done already is not asked for again, what was changed by hand is put back.
/// A fleet that is to be smaller but not gone does not wait for the route: the route may be waiting for it.
/// </summary>
public static class Convergence
{
    public static IEnumerable<Effect> Converge(Service s, Seen seen)
    {
        // Never blind, and never behind somebody who knows more of the journal than we do.
        if (!seen.IsComplete || seen.Table!.Since > s.Want.Table.Since) yield break;

        var table = s.Want.Table;
        var routed = seen.Table.Value == table.Value && seen.Table.Since == table.Since;

        bool MayStop(WantedFleet wanted) => routed && table.Value.WeightOf(wanted.Fleet) == Share.None;

        foreach (var wanted in s.Want.Fleets)
            if (!Accepted(seen, wanted) && (wanted.Size > 0 || MayStop(wanted)))
                yield return new Effect.Resize(wanted.Fleet, wanted.Size, wanted.Since);

        if (!routed && table.Value.Fleets.All(fleet => Keeps(s, seen, fleet) || CanCarry(s, seen, fleet)))
            yield return new Effect.Apply(table.Value, table.Since);

        foreach (var wanted in s.Want.Settings)
            if (!IsSet(seen, wanted) && !(wanted.Value == Step.Set.Purged && OthersLive(s, seen)))
                yield return new Effect.Set(wanted.Name, wanted.Value, wanted.Since);

        if (s.Run is { Step: Step.Ask { Question: not Question.Approval and var question }, Answer: null } run)
            yield return new Effect.Ask(question, run.Entered);
    }

    /// <summary>
    /// A fleet that the target has never heard of is not "at zero": it has to know the fence, or a late start gets in.
    /// </summary>
    static bool Accepted(Seen seen, WantedFleet wanted) =>
        seen.Find(wanted.Fleet) is { } fleet && fleet.Size == wanted.Size && fleet.Since == wanted.Since;

    static bool IsSet(Seen seen, WantedSetting wanted) =>
        seen.Find(wanted.Name) is { } setting && setting.Value == wanted.Value && setting.Since >= wanted.Since;

    /// <summary>What cannot be taken back waits for the last that could need it.</summary>
    static bool OthersLive(Service s, Seen seen) =>
        seen.Fleets!.Any(fleet => fleet.Fleet != s.Stable && fleet.Live > 0);

    /// <summary>
    /// No more weight than it has already, under a table that is newer than what was last asked of the fleet: an older
    /// look may have missed that it was stopped in between.
    /// </summary>
    static bool Keeps(Service s, Seen seen, Fleet fleet) =>
        seen.Table!.Value.WeightOf(fleet) >= s.Want.Table.Value.WeightOf(fleet)
        && s.Want.Find(fleet) is { } wanted && wanted.Since <= seen.Table.Since;

    /// <summary>
    /// Ready, and confirmed at the very sequence that wants it: a stop that was sent before and comes late is refused
    /// from then on, so it cannot strike a fleet that traffic has just gone to.
    /// </summary>
    static bool CanCarry(Service s, Seen seen, Fleet fleet) =>
        seen.Find(fleet) is { Ready: > 0 } found
        && s.Want.Find(fleet) is { Size: > 0 } wanted && found.Since >= wanted.Since;
}
