using System.Diagnostics;
using Slipway.Plans;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Releases;

/// <summary>A service is the fold of its events. Nothing is decided here, and nothing else changes a service.</summary>
public static class Fold
{
    const int NoticesRemembered = 20;

    public static Service Apply(this Service service, IEnumerable<Recorded> events) => events.Aggregate(service, Apply);

    public static Service Apply(this Service service, Recorded recorded)
    {
        if (recorded.Sequence != service.Sequence + 1)
            throw new BrokenInvariantException(
                $"Event {recorded.Sequence} cannot follow {service.Sequence} of '{service.Name}'.");
        var applied = Apply(service, recorded.Event, recorded) with { Sequence = recorded.Sequence };
        return Count(service, applied, recorded.Event).Remember(recorded);
    }

    /// <summary>The evidence of one step is no evidence for the next.</summary>
    static Service Count(Service before, Service s, Event e)
    {
        if (s.Run is not { } run) return s;
        var raised = s.Want.Table.Value.ShareOf(run.Candidate) > before.Want.Table.Value.ShareOf(run.Candidate);
        var waits = e is Event.Entered && run.Step is Step.Wait;
        if (!raised && !waits) return s;
        return s with
        {
            Run = run with
            {
                CountsFrom = raised || run.Counts ? s.Sequence : run.CountsFrom,
                Counts = run.Step is Step.Wait,
            },
        };
    }

    static Service Apply(Service s, Event e, Recorded r) => e switch
    {
        Event.Registered x => s with { Spec = x.Spec, Removed = false },
        Event.Changed x => s.Run is null ? Adopt(s, x.Spec, r.Sequence) : s with { Waiting = x.Spec },
        Event.Asked x => s with { Next = x.Deployment },
        Event.Dropped => s with { Next = null },
        Event.Started x => Start(s, x, r),
        Event.Cooled x => s with { Want = s.Want.With(x.Fleet, 0, r.Sequence), Previous = null },
        Event.Unguarded => s with { Guard = null },
        Event.Removed => s with { Removed = true },
        Event.Noticed x when s.Run is { } run => s with { Run = Told(run, x.Text) },
        Event.Noticed => s.Guard is { } guard ? s with { Guard = guard with { ToldAt = r.At } } : s,
        Event.Weighed x => s with { Evidence = x.State, EvidenceAt = r.At, EvidenceSince = r.Sequence },
        Event.Judged => s,
        Event.Ended x => End(s, x, r),
        _ when s.Run is { } run => Apply(s, run, e, r),
        _ => throw Unstarted(s, e, r),
    };

    static Service Apply(Service s, Run run, Event e, Recorded r) => e switch
    {
        Event.Entered x => Enter(s, run, x.Step, r),
        Event.Answered x => s with
        {
            Run = run with { Answer = new(x.Passed, x.Text, r.By), Verified = Verified(run, x) },
        },
        Event.Tolerated x => s with
        {
            Run = run with { ToleratedFailures = Math.Max(run.ToleratedFailures, x.Failed) },
        },
        Event.Promoted x => s with { Run = run with { SkipsThisWait = true, SkipsWaits = run.SkipsWaits || x.Full } },
        Event.Paused x => s with { Run = run with { Mode = Mode.Paused, Reason = x.Reason, Why = x.Why } },
        Event.Held x => Hold(s, run, x.At, r.Sequence),
        Event.Resumed => Resume(s, run, r),
        Event.TurnedBack x => s with
        {
            Run = run with
            {
                Mode = Mode.Back,
                Reason = x.Reason,
                Why = x.Why,
                Plan = x.Plan,
                At = -1,
                Since = r.At,
                Answer = null,
                // What was promoted was the way forward: the pauses of the way back are meant.
                SkipsThisWait = false,
                SkipsWaits = false,
                ToldAt = -1,
                Entered = r.Sequence,
            },
        },
        Event.Hurried => Hurry(s, run with { Hurried = true }, r.Sequence),
        _ => throw new UnreachableException(e.GetType().Name),
    };

    static Service Start(Service s, Event.Started x, Recorded r)
    {
        if (s.LetGoBy(x.Kind, x.Candidate) is { } warm)
            s = s with { Want = s.Want.With(warm, 0, r.Sequence), Previous = null };
        if (x.Kind is not (RunKind.Undo or RunKind.Restart)) s = s with { Guard = null };
        var run = new Run(x.Release, x.Kind, x.Candidate, s.Want, x.Budget, x.Plan)
        {
            By = r.By,
            Began = r.At,
            Since = r.At,
            Entered = r.Sequence,
        };
        if (x.Kind == RunKind.Undo && x.Reason != Reason.Asked && s.Stable is { } left)
            s = Failed(s, left, new(x.Why, r.At, x.Release));
        return s with
        {
            Run = run,
            Releases = x.Release,
            Next = null,
            Revisions = x.NewRevision is { } revision ? s.Revisions.Add(revision) : s.Revisions,
            Evidence = null,
        };
    }

    static Service Enter(Service s, Run run, int index, Recorded r)
    {
        var step = run.Plan[index];
        s = s with
        {
            Run = run with { At = index, Since = r.At, Entered = r.Sequence, Answer = null, SkipsThisWait = false },
        };
        return step switch
        {
            Step.Scale x => s with { Want = s.Want.With(x.Fleet, x.To, r.Sequence) },
            Step.Shift x => s with { Want = s.Want.With(x.Table, r.Sequence) },
            Step.Set x => Set(s, x, r.Sequence),
            Step.Ask { Question: Question.Hook hook } when run.Mode == Mode.Forward =>
                s with { Run = s.Run! with { HooksRun = run.HooksRun.Add(hook) } },
            Step.Settle x => Settle(s, run, x.Fleet, r),
            _ => s,
        };
    }

    /// <summary>
    /// From the moment a purge is asked for there is no way back behind it, whatever becomes of the asking.
    /// </summary>
    static Service Set(Service s, Step.Set x, long sequence) => s with
    {
        Want = s.Want.With(x.Name, x.Value, sequence),
        Oldest = x.IsFinal && s.Stable is { } stable ? stable.Revision : s.Oldest,
    };

    static Service Settle(Service s, Run run, Fleet fleet, Recorded r)
    {
        var (old, at) = (s.Stable, r.At);
        var keep = old is { } fleetBefore && fleetBefore != fleet && s.Want.SizeOf(fleetBefore) > 0;
        s = s with
        {
            Stable = fleet,
            Revisions = s.Revisions.Replace(
                revision => revision.Number == fleet.Revision, revision => revision with { Settled = true }),
        };
        // Steps by hand may settle with any number; what serves for good has its replicas.
        if (s.Want.SizeOf(fleet) != s.Spec!.Replicas)
            s = s with { Want = s.Want.With(fleet, s.Spec.Replicas, r.Sequence) };
        // The same version anew: what is kept to go back to is the version before it.
        if (run.Kind == RunKind.Restart) return s;

        // After an undo nothing undoes again by itself: it would go back to the version that was just left.
        var guarded = old is { } leaving && leaving != fleet && run.Kind == RunKind.Deploy;
        return s with
        {
            Previous = keep ? new Warm(old!.Value, at + s.Spec!.KeepOld) : null,
            Guard = guarded ? new Guard(old!.Value, at + s.Spec!.KeepOld) : null,
        };
    }

    static Service Hold(Service s, Run run, Share at, long sequence)
    {
        var table = run.TableReached;
        var held = s.Stable is { } stable
            ? table with
            {
                Rest = Target.Between(stable, run.Candidate, at),
                // Who was sent to the candidate by name goes back too; the preview stays, nobody comes there by chance.
                Rules = table.Rules
                    .Where(rule => rule.IsPreview || rule.Target.WeightOf(run.Candidate) == Share.None).ToSeq(),
            }
            : table;
        return s with
        {
            Want = s.Want.With(held, sequence),
            Run = run with { Mode = Mode.Paused, Reason = Reason.Held, Why = $"held at {at}" },
        };
    }

    static Service Resume(Service s, Run run, Recorded r)
    {
        var reached = run.TableReached;
        var overruled = run.Reason is Reason.NotTheRelease or Reason.WrongSplit ? run.At : run.OverruledAt;
        var resumed = s with
        {
            Run = run with
            {
                Mode = Mode.Forward,
                Reason = Reason.None,
                Why = "",
                Since = r.At,
                OverruledAt = overruled,
            },
        };
        if (s.Want.Table.Value == reached) return resumed;
        return resumed with
        {
            Want = s.Want.With(reached, r.Sequence),
            // A shift is confirmed anew: it may be the very one that was taken back. A question keeps its id.
            Run = run.Step is Step.Ask ? resumed.Run : resumed.Run! with { Entered = r.Sequence },
        };
    }

    /// <summary>A drain that has begun is hurried by an order of its own.</summary>
    static Service Hurry(Service s, Run run, long sequence) => run.Step is Step.Scale x
        ? s with { Run = run with { Entered = sequence }, Want = s.Want.With(x.Fleet, x.To, sequence) }
        : s with { Run = run };

    static Service End(Service s, Event.Ended x, Recorded r)
    {
        var run = s.Run ?? throw Unstarted(s, x, r);
        var from = run.Baseline.Fleets.Select(wanted => (Fleet?)wanted.Fleet)
            .FirstOrDefault(fleet => fleet is { } f && run.Baseline.Table.Value.ShareOf(f) > Share.None);
        var past = new Past(run.Release, run.Kind, run.Candidate, from, x.Outcome, run.Began, r.At)
        {
            Reason = run.Reason,
            Why = run.Why,
            By = run.By,
            Verified = run.Verified,
            Notices = run.Notices,
            Changed = run.Mode == Mode.Back ? [] : Changed(s, run).ToSeq(),
        };
        var ended = s.Record(past) with { Run = null, Removed = x.Outcome == Outcome.Removed };
        if (x.Outcome == Outcome.RolledBack && run.Kind is RunKind.First or RunKind.Deploy && run.Reason.IsItsFault())
            ended = Failed(ended, run.Candidate, new(run.Why, r.At, run.Release));
        // What was found of a candidate that is gone says nothing of the version that serves.
        if (run.Mode == Mode.Back) ended = ended with { Evidence = null };
        if (ended.Removed) ended = ended with { Stable = null, Previous = null, Next = null, Waiting = null };
        return s.Waiting is { } waiting && !ended.Removed
            ? Adopt(ended with { Waiting = null }, waiting, r.Sequence)
            : ended;
    }

    static Service Failed(Service s, Fleet fleet, Failure failure) => s with
    {
        Revisions = s.Revisions.Replace(
            revision => revision.Fleet == fleet, revision => revision with { Failed = failure }),
    };

    static IEnumerable<Earlier> Changed(Service s, Run run) => run.Plan.OfType<Step.Set>()
        .Where(set => !set.IsFinal).Select(set => set.Name).Distinct()
        .Where(name => s.Want.SettingOf(name) != run.Baseline.SettingOf(name))
        .Select(name => new Earlier(name, run.Baseline.SettingOf(name)));

    /// <summary>
    /// Sizes, health and traffic follow a changed specification at once; what an instance is made of, with the next
    /// release.
    /// </summary>
    static Service Adopt(Service s, ServiceSpec spec, long sequence)
    {
        s = s with { Spec = spec };
        if (s.StableRevision is not { } before) return s;

        var stable = before.Fleet;
        var now = before with { Spec = before.Spec with { Health = spec.Health, Traffic = spec.Traffic } };
        s = s with { Revisions = s.Revisions.Replace(revision => revision.Number == now.Number, _ => now) };
        var want = s.Want;
        // A new order also where the size stays: it brings the new health and drain to what is running.
        if (want.SizeOf(stable) != spec.Replicas || now != before) want = want.With(stable, spec.Replicas, sequence);
        if (s.Previous is { } warm && want.SizeOf(warm.Fleet) != spec.Replicas)
            want = want.With(warm.Fleet, spec.Replicas, sequence);
        var table = want.Table.Value with { Affinity = spec.Traffic.Affinity };
        if (table != want.Table.Value) want = want.With(table, sequence);
        return s with { Want = want };
    }

    static BrokenInvariantException Unstarted(Service s, Event e, Recorded r) =>
        new($"{e.GetType().Name} at {r.Sequence} of '{s.Name}', but no release is running.");

    static Run Told(Run run, string text) =>
        run with { ToldAt = run.At, Notices = run.Notices.Add(text).Last(NoticesRemembered) };

    static bool? Verified(Run run, Event.Answered answer) =>
        run.Step is Step.Ask { Question: Question.Verify } ? answer.Passed : run.Verified;
}
