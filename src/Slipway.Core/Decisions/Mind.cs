using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Decisions;

/// <summary>
/// The mind: from what is known of a service, what was seen of the world, a command and the time, to what is to be
/// journalled next. Pure, and the only place where anything is decided.
/// </summary>
public static class Mind
{
    /// <summary>The gates' sums are journalled at most this often, and less often the longer a step lasts.</summary>
    public static readonly TimeSpan WeighEvery = TimeSpan.FromSeconds(10);

    public static Decision Decide(Service s, Seen seen, Command? command, DateTimeOffset now)
    {
        var decision = First(s, seen, command, now);
        return decision.Events.Count == 0 ? decision : decision with { Events = Onward(s, seen, decision.Events, now) };
    }

    /// <summary>When to decide again although nothing was said or seen.</summary>
    public static DateTimeOffset? NextDue(Service s, DateTimeOffset now) =>
        s.Run is { } run ? Progress.NextDue(run, now) : s.Previous?.Until;

    /// <summary>The first that applies.</summary>
    static Decision First(Service s, Seen seen, Command? command, DateTimeOffset now) => (command, s.Run) switch
    {
        ({ } again, _) when s.Find(again.Id) is { } given => given.Of == again.Of
            ? Decision.Nothing with { Settles = true }
            : Decision.Refuse($"\"{again.Id}\" stands for something else that was asked of {s.Name} before: " +
                "what is new needs a key of its own."),
        (_, { Mode: not Mode.Back } run) when FailedGate(run, seen, now) is { } failed => failed.Decide(s, run, seen),
        ({ } c, _) => Commanded.Decide(s, seen, c, now) with { Settles = true },
        (_, null) => Idle(s, seen, now),
        (_, { GoesBack: true } run) => GoBack(s, run, seen, now),
        (_, { } run) => GoOn(s, run, seen, now),
    };

    static Decision Idle(Service s, Seen seen, DateTimeOffset now)
    {
        if (s.Next is { } next) return Start.Queued(s, next, now);
        if (Guarding.Decide(s, seen, now) is { } decision) return decision;
        return s.Previous is { } warm && warm.Until <= now ? new Event.Cooled(warm.Fleet) : Decision.Nothing;
    }

    static Decision GoOn(Service s, Run run, Seen seen, DateTimeOffset now)
    {
        if (run.Step is Step.Ask && run.Answer is { Passed: false } no)
            return new TurnBack(Progress.LateReason(run), no.Text).Decide(s, run, seen);
        if (Progress.HasFailed(s, run, seen))
            return new TurnBack(Reason.InstancesFailed, Words.Failed(s, run, seen)).Decide(s, run, seen);
        if (Trigger.Of(s, run, seen) is { } trigger)
        {
            if (!trigger.OnBothSides) return new TurnBack(trigger.Reason, trigger.Why).Decide(s, run, seen);
            if (run.Mode != Mode.Paused && run.OverruledAt != run.At)
                return new Event.Paused(Reason.NotTheRelease, $"{trigger.Why}, and so do those of stable");
        }
        if (Progress.GoesOnByItself(run, seen, now))
            return Decision.Of([new Event.Resumed(), .. Next(s, run, seen).Events]);
        if (run.Mode == Mode.Paused) return Weigh(s, run, seen, now);

        if (Progress.IsDone(s, run, seen, now)) return Next(s, run, seen);
        if (seen.Judgement is { Asks: { } odd } judgement
            && judgement.Release == run.Release && run.OverruledAt != run.At)
            return Decision.Of(Judged(odd, now), new Event.Paused(ReasonOf(odd.Verdict), odd.Evidence));
        if (Progress.IsUndecided(run, seen, now))
            return new Event.Paused(Reason.Undecided, Words.Undecided(run, seen, now));
        if (run.IsFinal) return Tell(s, run, seen, now);
        if (run.Step is not Step.Wait && Progress.IsLate(run, now))
            return new TurnBack(Progress.LateReason(run), Words.Late(run, seen)).Decide(s, run, seen);
        return Weigh(s, run, seen, now);
    }

    /// <summary>A way back has no way back: it goes on, and what does not come in time it tells people once.</summary>
    static Decision GoBack(Service s, Run run, Seen seen, DateTimeOffset now)
    {
        if (Progress.IsDone(s, run, seen, now))
        {
            var next = Next(s, run, seen);
            return run is { Step: Step.Ask { Question: var asked }, Answer: { Passed: false } no }
                ? Decision.Of([new Event.Noticed(Words.Refused(asked, no)), .. next.Events])
                : next;
        }

        var late = Progress.IsLate(run, now);
        if (late && run.Step is Step.Ask)
            return new Event.Answered(false, $"no answer within {Words.Span(Progress.Deadline(run))}");
        if (!late || run.ToldAt == run.At) return Decision.Nothing;
        var notice = new Event.Noticed(Words.Stuck(s, run, seen));
        return Progress.GoesOnShort(s, run, seen) ? Decision.Of([notice, .. Next(s, run, seen).Events]) : notice;
    }

    /// <summary>What cannot be taken back is not turned back either: people are told that it takes its time.</summary>
    static Decision Tell(Service s, Run run, Seen seen, DateTimeOffset now) =>
        Progress.IsLate(run, now) && run.ToldAt != run.At
            ? new Event.Noticed(Words.Stuck(s, run, seen))
            : Decision.Nothing;

    static Decision Next(Service s, Run run, Seen seen)
    {
        var next = run.IsLast ? (Event)new Event.Ended(OutcomeOf(s, run)) : new Event.Entered(run.At + 1);
        if (run.Mode == Mode.Back || Progress.ToleratedIn(run, seen) is not (> 0 and var missing)) return next;
        return Decision.Of(new Event.Tolerated(((Step.Scale)run.Step!).Fleet, missing), next);
    }

    /// <summary>
    /// What follows from the events alone is journalled with them: the first step of a plan, the end behind the last.
    /// So the way back begins in the very append that decides it.
    /// </summary>
    static Seq<Event> Onward(Service s, Seen seen, Seq<Event> events, DateTimeOffset now)
    {
        while (true)
        {
            var after = s.Apply(events.Select((e, i) => new Recorded(s.Sequence + 1 + i, now, e)));
            if (after.Run is not { Mode: not Mode.Paused } run || run.Step is not (null or Step.Settle)) return events;
            events = events.AddRange(Next(after, run, seen).Events);
        }
    }

    static TurnBack? FailedGate(Run run, Seen seen, DateTimeOffset now) =>
        run.Kind is RunKind.Deploy or RunKind.Restart
        && seen.Judgement is { Failed: { } failed } judgement && judgement.Release == run.Release
            ? new TurnBack(Reason.GateFailed, failed.Evidence) { Cause = Judged(failed, now) }
            : null;

    static Reason ReasonOf(Gates.Verdict verdict) =>
        verdict == Gates.Verdict.WrongSplit ? Reason.WrongSplit : Reason.NotTheRelease;

    internal static Event.Judged Judged(Gates.Reading reading, DateTimeOffset now) =>
        new(reading.Gate, reading.Verdict, reading.Evidence)
        {
            Since = Math.Max(reading.EvidentFor, reading.OutageSeconds) is > 0 and var lasts
                ? now - TimeSpan.FromSeconds(lasts)
                : null,
        };

    static Decision Weigh(Service s, Run run, Seen seen, DateTimeOffset now)
    {
        if (seen.Judgement is not { State: { } state } judgement
            || judgement.Release != run.Release || state == s.Evidence)
            return Decision.Nothing;
        var pause = TimeSpan.FromTicks(Math.Max(WeighEvery.Ticks, (s.EvidenceAt - run.Since).Ticks));
        var last = s.EvidenceAt > run.Since ? s.EvidenceAt : run.Since;
        return now - last >= pause ? new Event.Weighed(state) : Decision.Nothing;
    }

    static Outcome OutcomeOf(Service s, Run run) => (run.Mode, run.Kind) switch
    {
        (Mode.Back, _) => run.Reason switch
        {
            Reason.Aborted => Outcome.Aborted,
            Reason.Superseded => Outcome.Superseded,
            Reason.NotChosen => Outcome.Kept,
            _ => Outcome.RolledBack,
        },
        (_, RunKind.Remove) => Outcome.Removed,
        (_, RunKind.Purge) => Outcome.Done,
        _ when run.ToleratedFailures > 0 => Outcome.DoneWithFailures,
        _ when s.Stable == run.Candidate => Outcome.Done,
        _ => s.RevisionOf(run.Candidate).Shadow ? Outcome.Observed : Outcome.Kept,
    };
}
