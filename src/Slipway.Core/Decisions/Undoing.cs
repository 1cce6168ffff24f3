using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Decisions;

/// <summary>Which revision an undo goes to.</summary>
public static class Undoing
{
    internal static Decision Decide(Service s, Command.Undo x)
    {
        if (s.StableRevision is not { } stable)
            return Decision.Refuse($"{s.Name} has never been deployed. Its first: slipway deploy {s.Name} VERSION");
        var revision = x.Revision is { } number
            ? s.Revisions.FirstOrDefault(revision => revision.Number == number)
            : Target(s);
        if (revision is null) return Decision.Refuse(NoneOf(s, stable, x.Revision));
        if (!revision.Settled)
            return Decision.Refuse(
                $"Revision {revision.Number} ({revision.Version}) of {s.Name} was never live, so there is no going " +
                $"back to it. To release it: slipway deploy {s.Name} {revision.Version}");
        if (revision.Number < s.Oldest)
            return Decision.Refuse(
                $"{s.Name} can't go back to revision {revision.Number} ({revision.Version}): " +
                $"its schema has been purged. The oldest that works is revision {s.Oldest}.");
        return revision.Number == stable.Number
            ? Decision.Refuse($"{s.Name} is on revision {stable.Number} ({stable.Version}) already.")
            : Start.Undo(s, revision);
    }

    /// <summary>
    /// While a release runs, an undo ends it where it began. What names another place is not done in silence.
    /// </summary>
    internal static Decision? Elsewhere(Service s, Run run, int number)
    {
        var goal = run.Kind == RunKind.Undo && run.Mode != Mode.Back ? run.Candidate : Telling.From(run);
        if (goal is { } fleet && fleet.Revision == number) return null;
        if (s.Revisions.FirstOrDefault(each => each.Number == number) is not { } revision)
            return Decision.Refuse($"{s.Name} has no revision {number}. To see them: slipway history {s.Name}");
        return Decision.Refuse(
            $"{s.Name} has release {run.Release} running. To go to {revision.Version}, stop it first: " +
            $"slipway abort {s.Name}, then slipway undo {s.Name} --to {revision.Version}");
    }

    /// <summary>
    /// The warm one, else the one that the latest release that settled came from; never one that had to be taken back.
    /// A restart came from the same version, so what was before that counts.
    /// </summary>
    public static Revision? Target(Service s)
    {
        if (s.Previous is { } warm && !HasFailed(s, warm.Fleet)) return s.RevisionOf(warm.Fleet);
        var fleet = s.Stable;
        foreach (var past in s.History.Reverse().Where(past => past.HasSettled))
        {
            if (past.Candidate != fleet) continue;
            if (past.Kind == RunKind.Restart) fleet = past.From;
            else if (past.From is not { } from) return null;
            else if (!HasFailed(s, from) && from != s.Stable) return s.RevisionOf(from);
            // What an undo has left is beside the way; what a release came from leads further back.
            else if (past.Kind != RunKind.Undo) fleet = from;
        }

        return null;
    }

    /// <summary>The same bits with the same settings fail again, under whatever number they were started.</summary>
    static bool HasFailed(Service s, Fleet fleet)
    {
        var revision = s.RevisionOf(fleet);
        return s.Revisions.Any(other => other.Failed is not null && other.Number >= revision.Number
            && other.IsSame(revision.Version, revision.Spec));
    }

    static string NoneOf(Service s, Revision stable, int? asked)
    {
        if (asked is { } missing)
            return $"{s.Name} has no revision {missing}. To see them: slipway history {s.Name}";
        var failed = s.Previous is { } warm && HasFailed(s, warm.Fleet)
            ? $" that has not failed; {s.RevisionOf(warm.Fleet).Version} had to be taken back"
            : "";
        return $"{s.Name} has no version before {stable.Version}{failed}.";
    }
}
