using Slipway.Client;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;

namespace Slipway.Reports;

/// <summary>The journal of a service as sentences. What was weighed in between is no news to anybody.</summary>
public static class Story
{
    /// <summary>
    /// The events that follow <paramref name="service"/>, told; they fold on as they are told.
    /// </summary>
    public static IEnumerable<EventReport> Of(Service service, IEnumerable<Recorded> events)
    {
        foreach (var recorded in events)
        {
            var before = service;
            service = service.Apply(recorded);
            if (Text(before, service, recorded.Event) is not { } text) continue;
            yield return new(recorded.Sequence, recorded.At, service.Name, Kind(recorded.Event), text)
            {
                Release = (service.Run ?? before.Run)?.Release,
                Reason = ReasonOf(before, recorded.Event),
                By = recorded.By,
                Evidence = recorded.Event is Event.Judged judged ? judged.Evidence : null,
            };
        }
    }

    /// <summary>What a release has gone through, with whoever has answered a step.</summary>
    /// <param name="told">Of that release alone.</param>
    public static IEnumerable<StepReport> Steps(IEnumerable<EventReport> told)
    {
        StepReport? step = null;
        foreach (var line in told)
            if (line.Kind == "entered")
            {
                if (step is not null) yield return step;
                step = new((step?.Number ?? 0) + 1, "step", line.Text, "done", "", 0);
            }
            else if (line.Kind == "answered" && line.By is not ("" or "slipway"))
                step = step! with { Note = line.Text, By = line.By };
        if (step is not null) yield return step;
    }

    /// <summary>The steps of a plan, those that are gone through with whoever has answered them.</summary>
    public static IEnumerable<StepReport> Answered(IReadOnlyList<StepReport> plan, IEnumerable<EventReport> told)
    {
        // A way back is a plan of its own: what was gone through before it is not in it.
        var reached = plan.Count(step => step.State != "next");
        var gone = Steps(told).TakeLast(reached).ToList();
        return plan.Select((step, i) => i < gone.Count && gone[i].By is { } by
            ? step with { By = by, Note = gone[i].Note }
            : step);
    }

    static string Kind(Event e)
    {
        var name = e.GetType().Name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    static string? Text(Service before, Service after, Event e) => e switch
    {
        Event.Registered => $"{after.Name} is registered",
        Event.Changed => after.Waiting is null
            ? "the changed slipway.yaml is applied"
            : "slipway.yaml has changed: applied when the release is over",
        Event.Asked x => $"{x.Deployment.Version} waits for the release under way",
        Event.Dropped x => x.Why,
        Event.Started x => Started(after, x),
        Event.Entered => Entered(after),
        Event.Answered x => (x.Passed ? "yes" : "no") + (x.Text.Length > 0 ? $": {x.Text}" : ""),
        Event.Tolerated x => $"goes on without {x.Failed} of {VersionOf(after, x.Fleet)}",
        Event.Weighed => null,
        Event.Judged x => $"gate {x.Gate}: {Word(x.Verdict)}",
        Event.Promoted x => x.Full ? "promoted: no more waiting" : "promoted: this wait is over",
        Event.Paused x => $"paused: {x.Why}",
        Event.Held x => $"held at {x.At}",
        Event.Resumed => "goes on",
        Event.TurnedBack x => $"going back: {x.Why}",
        Event.Hurried => "requests under way are not waited for any longer",
        Event.Noticed x => x.Text,
        Event.Ended x => Ended(before, x.Outcome),
        Event.Cooled x => $"{VersionOf(after, x.Fleet)} is not kept warm any longer",
        Event.Unguarded x => x.Why,
        Event.Removed => $"{after.Name} is removed",
        _ => Kind(e),
    };

    static string Started(Service s, Event.Started x) =>
        x.Reason == Reason.Asked ? What(s, x) : $"{What(s, x)}: {x.Why}";

    /// <summary>What has begun, but for why.</summary>
    internal static string What(Service s, Event.Started x)
    {
        var revision = s.RevisionOf(x.Candidate);
        return x.Kind is RunKind.First or RunKind.Deploy
            ? $"release of {revision.Version}"
            : $"{StrategyNames.Of(x.Kind, revision.Spec.Strategy)} {(x.Kind == RunKind.Undo ? "to" : "of")} "
                + revision.Version;
    }

    static string Entered(Service s)
    {
        var run = s.Run!;
        var step = Telling.Steps(s, run, new(run.Since))[run.At];
        return char.ToLowerInvariant(step.Text[0]) + step.Text[1..];
    }

    static string Ended(Service s, Outcome outcome)
    {
        var version = s.Run is { } run ? run.CandidateVersion(s) : s.Name;
        return $"{version} {ServiceReports.Ended(outcome)}";
    }

    static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "failed",
        Verdict.NotTheRelease => "fails, and it need not be the release",
        Verdict.WrongSplit => "is not what the route says",
        Verdict.NoHarm => "no harm",
        _ => "undecided",
    };

    static string ReasonOf(Service before, Event e) => e switch
    {
        Event.TurnedBack x => ReleaseReports.Word(x.Reason),
        Event.Paused x => ReleaseReports.Word(x.Reason),
        Event.Started x => ReleaseReports.Word(x.Reason),
        Event.Entered x => $"step {x.Step + 1}",
        Event.Ended when before.Run is { Reason: not Reason.None } run => ReleaseReports.Word(run.Reason),
        _ => "",
    };

    static string VersionOf(Service s, Routing.Fleet fleet) => s.RevisionOf(fleet).Version;
}
