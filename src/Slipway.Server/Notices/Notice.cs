using System.Globalization;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>What people or other systems are told of a service, with an id by which a second copy is known.</summary>
/// <param name="Kind">More exactly than <paramref name="On"/>: a release that goes back, and one that has.</param>
sealed record Notice(string Id, NotifyOn On, NoticeKind Kind, string Text)
{
    public required string Service { get; init; }
    public required string Environment { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Version { get; init; }
    public int Release { get; init; }

    /// <summary>What one event of the journal is worth telling; most are not.</summary>
    public static Notice? Of(Service before, Recorded recorded)
    {
        var after = before.Apply(recorded);
        var run = after.Run ?? before.Run;
        if (KindOf(after, recorded.Event) is not var (on, kind)) return null;
        var text = Story.Of(before, [recorded]).Select(line => line.Text).FirstOrDefault() ?? "";
        var spec = after.Spec ?? before.Spec;
        return new(string.Create(CultureInfo.InvariantCulture, $"{after.Name}/{recorded.Sequence}"), on, kind, text)
        {
            Service = after.Name,
            Environment = spec?.Environment ?? Defaults.Environment,
            At = recorded.At,
            Version = run?.CandidateVersion(before.Run is null ? after : before),
            Release = run?.Release ?? 0,
        };
    }

    static (NotifyOn, NoticeKind)? KindOf(Service after, Event e) => e switch
    {
        Event.Started => (NotifyOn.Started, NoticeKind.Started),
        Event.Paused => (NotifyOn.Waiting, NoticeKind.Waiting),
        Event.Entered when after.Run is { AwaitsApproval: true } => (NotifyOn.Waiting, NoticeKind.Waiting),
        Event.TurnedBack => (NotifyOn.RolledBack, NoticeKind.TurnedBack),
        Event.Noticed or Event.Dropped => (NotifyOn.Failed, NoticeKind.Failed),
        Event.Ended x => x.Outcome switch
        {
            Outcome.RolledBack or Outcome.Aborted or Outcome.Superseded => (NotifyOn.RolledBack, NoticeKind.RolledBack),
            Outcome.Removed => (NotifyOn.Succeeded, NoticeKind.Removed),
            _ => (NotifyOn.Succeeded, NoticeKind.Succeeded),
        },
        _ => null,
    };
}

enum NoticeKind { Started, Waiting, TurnedBack, RolledBack, Failed, Succeeded, Removed }
