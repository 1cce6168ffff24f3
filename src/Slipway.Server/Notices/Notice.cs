using System.Globalization;
using Slipway.Plans;
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

    /// <summary>The version that the release brings, or brought.</summary>
    public string? Version { get; init; }

    /// <summary>The version that serves users without it.</summary>
    public string? Stable { get; init; }
    public int Release { get; init; }

    /// <summary>Why, as far as it is known: evidence, a cause, somebody's words.</summary>
    public string Why { get; init; } = "";
    public string By { get; init; } = "";
    public Alarm Alarm { get; init; } = Alarm.Raised;

    /// <summary>When it is sent; a notice that waited for a target that was down says when it was.</summary>
    public DateTimeOffset Sent { get; init; }

    /// <summary>
    /// An incident is over with any end that is good, whatever else a target is told: who is called out of bed wants to
    /// hear that too. Without a choice of theirs nobody is called for a start, or to approve something.
    /// </summary>
    public bool Concerns(NotifySpec target) => (target.Kind, Alarm) switch
    {
        (NotifyKind.PagerDuty, Alarm.Over) => true,
        (NotifyKind.PagerDuty, Alarm.None) => false,
        (NotifyKind.PagerDuty, _) when target.On.Count == 0 => On is NotifyOn.RolledBack or NotifyOn.Failed,
        _ => target.On.Count == 0 || target.On.Contains(On),
    };

    /// <summary>What one event of the journal is worth telling; most are not.</summary>
    public static Notice? Of(Service before, Recorded recorded)
    {
        var after = before.Apply(recorded);
        if (KindOf(before, after, recorded.Event) is not var (on, kind)) return null;
        var (run, known) = before.Run is { } old ? (old, before) : (after.Run, after);
        var why = WhyOf(before, after, recorded.Event);
        var notice = new Notice($"{after.Name}/{recorded.Sequence}", on, kind, "")
        {
            Service = after.Name,
            Environment = (after.Spec ?? before.Spec)?.Environment ?? Defaults.Environment,
            At = recorded.At,
            Version = run?.CandidateVersion(known),
            Stable = before.StableRevision?.Version,
            Release = run?.Release ?? 0,
            Why = why,
            By = recorded.By,
            Alarm = AlarmOf(before, after, recorded),
        };
        return notice with { Text = Wording.Of(notice, before, after, recorded) };
    }

    /// <summary>What a person sends to see whether it comes.</summary>
    public static Notice Trial(Service service, string id, DateTimeOffset now) =>
        new($"{service.Name}/{id}", NotifyOn.Started, NoticeKind.Trial, "a trial: notices of this service come here")
        {
            Service = service.Name,
            Environment = service.Spec?.Environment ?? Defaults.Environment,
            At = now,
            Version = service.StableRevision?.Version,
            Stable = service.StableRevision?.Version,
        };

    static (NotifyOn, NoticeKind)? KindOf(Service before, Service after, Event e) => e switch
    {
        Event.Started { Kind: RunKind.Undo, Reason: not Reason.Asked } => (NotifyOn.RolledBack, NoticeKind.TurnedBack),
        Event.Started => (NotifyOn.Started, NoticeKind.Started),
        Event.Paused => (NotifyOn.Waiting, NoticeKind.Waiting),
        Event.Entered when after.Run is { AwaitsApproval: true } => (NotifyOn.Waiting, NoticeKind.Waiting),
        Event.TurnedBack => (NotifyOn.RolledBack, NoticeKind.TurnedBack),
        Event.Noticed or Event.Dropped or Event.Unguarded => (NotifyOn.Failed, NoticeKind.Failed),
        Event.Ended x => Ended(before, before.Run!, x.Outcome),
        _ => null,
    };

    static (NotifyOn, NoticeKind) Ended(Service before, Run run, Outcome outcome) => outcome switch
    {
        Outcome.RolledBack or Outcome.Aborted or Outcome.Superseded => (NotifyOn.RolledBack, NoticeKind.RolledBack),
        Outcome.Removed => (NotifyOn.Succeeded, NoticeKind.Removed),
        // An undo that somebody asked for went well; one that began by itself is a release that failed after all.
        _ when run.Kind == RunKind.Undo => (
            IsByItself(before, run) ? NotifyOn.RolledBack : NotifyOn.Succeeded, NoticeKind.RolledBack),
        _ when run.Kind == RunKind.First => (NotifyOn.Succeeded, NoticeKind.Deployed),
        _ => (NotifyOn.Succeeded, NoticeKind.Succeeded),
    };

    static bool IsByItself(Service s, Run undo) =>
        s.Revisions.Any(revision => revision.Failed?.Release == undo.Release);

    /// <summary>
    /// Called for is what the version has done, and what a person has to mend; not what people have decided themselves.
    /// </summary>
    static Alarm AlarmOf(Service before, Service after, Recorded recorded) => recorded.Event switch
    {
        Event.TurnedBack x when !x.Reason.IsItsFault() => Alarm.None,
        Event.Paused { Reason: Reason.Asked } or Event.Dropped => Alarm.None,
        Event.Ended x => IsGood(before.Run!, after, x.Outcome) ? Alarm.Over : Alarm.None,
        _ => Alarm.Raised,
    };

    /// <summary>Users are served, and nothing that was told on the way back is left to be looked after.</summary>
    static bool IsGood(Run run, Service after, Outcome outcome) => outcome == Outcome.Removed
        || (after.Stable is not null && (!run.GoesBack && run.Kind != RunKind.Undo || run.Notices.Count == 0));

    static string WhyOf(Service before, Service after, Event e) => e switch
    {
        Event.Started { Why: { Length: > 0 } why } => why,
        // What a revision was once deployed for is not why somebody has gone back to it.
        Event.Started { Kind: RunKind.First or RunKind.Deploy } =>
            after.RevisionOf(after.Run!.Candidate).Cause ?? "",
        Event.Paused x => x.Why,
        Event.TurnedBack x => x.Why,
        Event.Noticed x => x.Text,
        Event.Dropped x => x.Why,
        Event.Unguarded x => x.Why,
        Event.Ended => before.Run!.Why,
        _ => "",
    };
}

/// <summary>What a notice means to whoever is called out of bed.</summary>
enum Alarm { None, Raised, Over }

enum NoticeKind { Started, Waiting, TurnedBack, RolledBack, Failed, Deployed, Succeeded, Removed, Trial }
