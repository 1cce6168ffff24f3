using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Decisions;

/// <summary>
/// From wherever a release is to where it began: traffic first (at once, as far as stable can carry it), then capacity,
/// then settings and hooks in reverse. A plan like any other.
/// </summary>
static class WayBack
{
    public static Seq<Step> From(Service s, Run run, Seen seen) =>
    [
        .. Moves(s, run, seen),
        .. SettingsUndone(s, run),
        .. run.HooksRun.Where(hook => hook.Undo.Count > 0).Reverse().Select(Undo),
        .. s.Stable is { } stable ? Verify(s, stable) : [],
    ];

    static IEnumerable<Step> Moves(Service s, Run run, Seen seen)
    {
        var baseline = run.Baseline;
        if (s.Stable is not { } stable || stable == run.Candidate) return Ungated(s, run);

        var now = new Start(
            s.Want.SizeOf(stable), s.Want.SizeOf(run.Candidate), s.Want.Table.Value.ShareOf(run.Candidate));
        var full = baseline.SizeOf(stable);
        // Beside a candidate that cannot answer at all, whatever stable has left is better.
        var slack = seen.Fleets is not null && seen.ReadyOf(run.Candidate) == 0 ? full : run.Budget.Unavailable;
        var carries = Carries(Math.Min(seen.ReadyOf(stable), now.Stable), full, slack);

        var moves = now.Stable >= full
            ? Beside(baseline, stable, full, carries, now, s.Want.Table.Value)
            : Replaced(s, run, stable, full, carries, now);
        return Restore(moves, s.Want.Table.Value, baseline, run.Candidate, now.Candidate);
    }

    readonly record struct Start(int Stable, int Candidate, Share Share);

    /// <summary>
    /// What stable can carry with the instances that are ready. Short by no more than it may always be short of, it
    /// carries everything: a version known to be bad is worse than a little less room.
    /// </summary>
    static Share Carries(int ready, int full, int slack) =>
        ready == 0 ? Share.None : ready + slack >= full ? Share.All : Share.Of(ready, full);

    /// <summary>Stable was never made smaller: one change of the route, once it is ready.</summary>
    static IEnumerable<Step> Beside(World baseline, Fleet stable, int full, Share carries, Start now, RouteTable table)
    {
        if (carries < Share.All)
        {
            if (Lowered(table, stable, carries, now.Share) is { } lower) yield return lower;
            yield return new Step.Scale(stable, now.Stable, full);
        }

        yield return new Step.Shift(baseline.Table.Value);
    }

    /// <summary>
    /// Stable has lost instances on the way: they come back, and each takes its share of the traffic with it.
    /// </summary>
    static IEnumerable<Step> Replaced(Service s, Run run, Fleet stable, int full, Share carries, Start now)
    {
        if (!run.Budget.Exclusive)
        {
            if (Lowered(s.Want.Table.Value, stable, carries, now.Share) is { } lower) yield return lower;
            if (now.Stable > 0) yield return new Step.Scale(stable, now.Stable, now.Stable);
        }

        var rollback = s.Spec!.Rollback;
        var budget = rollback.Batch > 0
            ? run.Budget with { Batch = rollback.Batch, Interval = rollback.Every }
            : run.Budget with { Batch = Math.Max(full, now.Candidate), Interval = TimeSpan.Zero };
        var table = run.Baseline.Table.Value;
        var replace = new Replace(run.Candidate, stable, full, budget)
        {
            Split = share => table with { Rest = Target.Between(run.Candidate, stable, share) },
            Hold = HoldLike(run, table),
            Floor = Share.Max(carries, now.Share.Rest),
        };
        foreach (var step in replace.Steps(now.Candidate, now.Stable)) yield return step;
    }

    /// <summary>The candidate's share falls at once to what stable cannot carry.</summary>
    static Step.Shift? Lowered(RouteTable table, Fleet stable, Share carries, Share share) =>
        carries.Rest < share && table.Rest is Target.Split
        && table.Fleets.FirstOrDefault(fleet => fleet != stable) is { Revision: > 0 } candidate
            ? new Step.Shift(table with { Rest = Target.Between(stable, candidate, carries.Rest), Rules = [] })
            : null;

    static RouteTable HoldLike(Run run, RouteTable table) =>
        run.Plan.OfType<Step.Shift>().FirstOrDefault(shift => shift.Table.Holds)?.Table is { } hold
            ? hold with { Rules = [] }
            : table with { Rest = new Target.Hold(Specification.Defaults.Hold) };

    /// <summary>The end of every way back: the table as it was, the candidate as big as it was.</summary>
    static IEnumerable<Step> Restore(
        IEnumerable<Step> moves, RouteTable table, World baseline, Fleet candidate, int size)
    {
        foreach (var move in moves)
        {
            if (move is Step.Shift same && same.Table == table) continue;
            yield return move;
            if (move is Step.Shift shift) table = shift.Table;
            if (move is Step.Scale scale && scale.Fleet == candidate) size = scale.To;
        }

        if (table != baseline.Table.Value) yield return new Step.Shift(baseline.Table.Value);
        if (size != baseline.SizeOf(candidate))
            yield return new Step.Scale(candidate, size, baseline.SizeOf(candidate));
    }

    /// <summary>A first deploy has no stable to go back to; a removal has nobody but stable.</summary>
    static IEnumerable<Step> Ungated(Service s, Run run)
    {
        var growing = run.Baseline.Fleets.Where(wanted => s.Want.SizeOf(wanted.Fleet) < wanted.Size)
            .Select(wanted => new Step.Scale(wanted.Fleet, s.Want.SizeOf(wanted.Fleet), wanted.Size));
        var size = Math.Max(s.Want.SizeOf(run.Candidate), run.Baseline.SizeOf(run.Candidate));
        return Restore(growing, s.Want.Table.Value, run.Baseline, run.Candidate, size);
    }

    static IEnumerable<Step> SettingsUndone(Service s, Run run) => run.Plan.Take(run.At + 1).OfType<Step.Set>()
        .Select(set => set.Name).Distinct().Reverse()
        .Where(name => s.Want.SettingOf(name) != run.Baseline.SettingOf(name))
        .Select(name => new Step.Set(name, run.Baseline.SettingOf(name)));

    static Step.Ask Undo(Question.Hook hook) =>
        new(new Question.Hook($"undo of {hook.Moment}", hook.Undo, [], hook.Timeout));

    /// <summary>The last of all: whatever the answer is, users are on that version by then.</summary>
    internal static IEnumerable<Step> Verify(Service s, Fleet serves) =>
        s.Spec!.Rollback.Verify is { } limits ? [new Step.Ask(new Question.Verify(serves, limits))] : [];
}
