using Slipway.Routing;

namespace Slipway.Releases;

/// <summary>What undos have taken back.</summary>
public static class Undone
{
    /// <summary>
    /// Each release that had all users, with the first undo that took it from them. Who takes an undo back goes forward
    /// again: nothing has failed by that.
    /// </summary>
    /// <param name="history">Of one service, in its order.</param>
    public static IEnumerable<(Past Release, Past Undo)> In(IEnumerable<Past> history)
    {
        var (bringers, undone) = (new Dictionary<Fleet, Past>(), new HashSet<int>());
        foreach (var past in history.Where(one => one.HasSettled))
        {
            if (past.Ships) bringers[past.Candidate] = past;
            if (past.From is not { } left || bringers.GetValueOrDefault(left) is not { } release) continue;
            // The same version anew, under a number of its own.
            if (past.Kind == RunKind.Restart) bringers[past.Candidate] = release;
            if (past.Kind != RunKind.Undo) continue;
            var isBack = bringers.GetValueOrDefault(past.Candidate) is not { } to || to.Release < release.Release;
            if (isBack && undone.Add(release.Release)) yield return (release, past);
        }
    }
}
