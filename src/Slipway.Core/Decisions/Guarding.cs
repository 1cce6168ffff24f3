using Slipway.Gates;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// A new version is watched for a while after its release. What fails there goes back by itself. Where everything fails
/// and no control is left, nobody can tell whether it is the release: people are told at once, and it goes back when
/// that lasts and costs nothing.
/// </summary>
public static class Guarding
{
    /// <summary>The version that is still watched fails as a whole, now.</summary>
    public static Reading? OutageOf(Service s, Seen seen, DateTimeOffset now) =>
        s is { Run: null, Guard: { } guard } && now < guard.Until ? Judged(s, seen)?.Outage : null;

    internal static Decision? Decide(Service s, Seen seen, DateTimeOffset now)
    {
        if (s.Guard is not { } guard || now >= guard.Until) return null;
        if (Judged(s, seen)?.Failed is { } failed) return Start.UndoByItself(s, guard, failed, now);
        if (Trigger.OfStable(s, seen) is { } trigger)
            return Start.UndoByItself(
                s, guard, new("instances", Verdict.Fail, trigger.Why), now, trigger.Reason);
        if (OutageOf(s, seen, now) is not { } outage) return null;

        var lasts = TimeSpan.FromSeconds(outage.OutageSeconds);
        var warm = s.Previous is { } previous && previous.Fleet == guard.BackTo && seen.ReadyOf(guard.BackTo) > 0;
        if (!IsTold(guard, now, lasts)) return new Event.Noticed(Words.Outage(s, guard, outage, warm));
        return warm && lasts >= Defaults.OutageUndone
            ? Start.UndoByItself(s, guard, outage, now, Reason.Outage, Words.OutageUndone(s, guard, outage))
            : null;
    }

    static bool IsTold(Guard guard, DateTimeOffset now, TimeSpan lasts) =>
        guard.ToldAt is { } told && (told > now - lasts || now - told < Defaults.OutageToldEvery);

    static Judgement? Judged(Service s, Seen seen) =>
        seen.Judgement is { } judgement && judgement.Release == s.Releases ? judgement : null;
}
