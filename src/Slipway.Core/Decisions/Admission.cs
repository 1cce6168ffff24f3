using System.Globalization;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Decisions;

/// <summary>
/// Whether a new version may come now: not at a time to avoid, and not after too many that failed. Ways back are never
/// asked this, and an emergency says why it does not wait.
/// </summary>
static class Admission
{
    public static string? Refusal(Service s, Deployment deployment, DateTimeOffset now)
    {
        if (deployment.Emergency is not null) return null;
        var spec = s.Waiting ?? s.Spec!;
        return (Untimely(spec, now) ?? Tripped(s, spec, now)) is { } why
            ? $"{why} If it can't wait: slipway deploy {s.Name} {deployment.Version} --emergency \"why\""
            : null;
    }

    static string? Untimely(ServiceSpec spec, DateTimeOffset now) =>
        Timetable.Closed(spec.Windows, now) is { Count: > 0 } reasons
            ? $"{string.Join(" ", reasons)} {Opens(Timetable.Opens(spec.Windows, now))}"
            : null;

    static string Opens(string? when) => when is null
        ? "By these windows no release may ever begin: change them."
        : $"The next time that is open: {when}.";

    static string? Tripped(Service s, ServiceSpec spec, DateTimeOffset now)
    {
        if (spec.Rollback.Breaker is not { } breaker) return null;
        var since = Mended(s) is { } mended && mended > now - breaker.Within ? mended : now - breaker.Within;
        var failed = s.Revisions.Where(revision => revision.Failed is { } failure && failure.At > since)
            .OrderBy(revision => revision.Failed!.At).ToList();
        if (failed.Count < breaker.After) return null;
        var until = failed[^breaker.After].Failed!.At + breaker.Within;
        var which = string.Join(", ", failed.Select(each => $"{each.Version} (release {each.Failed!.Release})"));
        var taken = failed.Count == 1 ? $"A release of {s.Name} was" : $"{failed.Count} releases of {s.Name} were";
        return $"{taken} taken back within {Words.Span(breaker.Within)}: {which}. New ones are refused until "
            + string.Create(CultureInfo.InvariantCulture, $"{until.UtcDateTime:ddd yyyy-MM-dd HH:mm} in UTC.");
    }

    /// <summary>A release that went well in spite of it shows that the way is free again.</summary>
    static DateTimeOffset? Mended(Service s) => s.History
        .Where(past => past.HasSettled && past.Kind is RunKind.First or RunKind.Deploy
            && s.RevisionOf(past.Candidate) is { Emergency: not null })
        .Select(past => (DateTimeOffset?)past.Ended).LastOrDefault();
}
