using Slipway.Routing;

namespace Slipway.Plans;

/// <summary>
/// Replaces one fleet by another within a budget. Rolling, every way back of it, recreate and a cold undo are this one
/// function.
/// </summary>
public sealed record Replace(Fleet From, Fleet To, int Size, Budget Budget)
{
    internal const string NothingMoves =
        "maxSurge and maxUnavailable cannot both be 0: nothing could ever be replaced.";

    public required Func<Share, RouteTable> Split { get; init; }
    public required RouteTable Hold { get; init; }

    /// <summary>The share that <see cref="To"/> already has: it never falls again.</summary>
    public Share Floor { get; init; } = Share.None;

    public IEnumerable<Step> Steps(int from, int to)
    {
        var floor = Floor;
        RouteTable? routed = null;
        while (to < Size || from > 0)
        {
            var grow = Math.Clamp(Size + Budget.Surge - (from + to), 0, Math.Min(Budget.Batch, Math.Max(0, Size - to)));
            if (grow > 0) yield return new Step.Scale(To, to, to += grow);

            var spare = from + to - (Size - Budget.Unavailable);
            var shrink = Math.Clamp(spare, 0, Math.Min(Budget.Batch, from));
            if (grow + shrink == 0) throw new PlanException(NothingMoves);

            from -= shrink;
            if (to > 0) floor = Share.Max(floor, Share.Of(to, to + from));
            var table = from + to == 0 ? Hold : to > 0 ? Split(floor) : null;
            // The last batches may find all traffic moved already: a table is not asked for twice.
            if (table is not null && table != routed) yield return new Step.Shift(routed = table);

            if (shrink > 0) yield return new Step.Scale(From, from + shrink, from);
            if (from > 0 && Budget.Interval > TimeSpan.Zero) yield return new Step.Wait(Budget.Interval, 0);
        }
    }
}

/// <summary>A plan that cannot be: the message says what to change.</summary>
public sealed class PlanException(string message) : Exception(message);
