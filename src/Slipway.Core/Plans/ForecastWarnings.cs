using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What somebody should know before the plan is carried out.</summary>
static class ForecastWarnings
{
    public static Seq<string> Of(Situation s, Seq<Stage> stages, Outlook outlook, TimeSpan downtime) =>
    [
        .. Unwatched(s, stages),
        .. Unasked(s, stages),
        .. Overloaded(s, stages),
        .. stages.SelectMany(stage => TooLittleTraffic(s, stage, outlook)).Take(1),
        .. Interrupted(s, stages),
        .. HeldTooShort(stages, downtime),
        .. Untimely(s, outlook.Now),
    ];

    public static Seq<string> Notes(Situation s, Seq<Stage> stages) =>
    [
        .. stages.Select(stage => stage.Step).OfType<Step.Ask>().Select(ask => ask.Question)
            .OfType<Question.Approval>().Select(Approval),
        .. s.Spec.Schema is null ? Array.Empty<string>() :
        [
            "Purging an old shape of the schema is no part of this: it is a run of its own, begins when only "
                + "the stable version is alive, and versions from before cannot come back after it.",
        ],
    ];

    static IEnumerable<string> Unwatched(Situation s, Seq<Stage> stages)
    {
        if (s.IsFirst || s.Spec.Gates.Any(gate => gate is { Severity: Severity.Fail, DryRun: false })) yield break;
        var given = stages.Any(stage => stage.Step is Step.Wait) ? ", which gets its time in vain:" : ":";
        yield return $"No gates watch {s.Revision.Version}{given} only a failed start or check turns it back. "
            + "Add gates.";
    }

    static IEnumerable<string> Unasked(Situation s, Seq<Stage> stages)
    {
        var asks = s.Spec.Checks is { Approval.Before: ApprovalBefore.Promote } or { BeforePromote.Count: > 0 };
        if (asks && !stages.Any(stage => stage.After.Table.Value.ShareOf(s.Candidate) == Share.All))
            yield return $"{s.Revision.Version} is never promoted by this plan: the approval and the checks before "
                + "promotion are not asked.";
    }

    /// <summary>A compiled plan keeps to its budget; steps by hand keep to nothing.</summary>
    static IEnumerable<string> Overloaded(Situation s, Seq<Stage> stages)
    {
        if (s.IsFirst || s.Spec.Strategy is not StrategySpec.ByHand) yield break;
        foreach (var stage in stages)
        {
            var share = stage.After.Table.Value.ShareOf(s.Candidate);
            var (size, needed) = (stage.After.SizeOf(s.Candidate), share.InstancesOf(s.Replicas));
            if (size == 0 || size >= needed) continue;
            yield return $"Step {stage.Number} gives {share} of the traffic to {size} of the {needed} instances that "
                + "should carry it. Scale before you shift.";
            yield break;
        }
    }

    static IEnumerable<string> TooLittleTraffic(Situation s, Stage stage, Outlook outlook)
    {
        if (stage.Step is not Step.Wait wait) yield break;
        var share = stage.Seen(s.Candidate);
        if (wait.Undecided == Undecided.Health) yield break;
        if (Stage.Evidence(wait, share, outlook) is { } needs && needs <= wait.Patience) yield break;
        var rate = Timing.Rate(outlook.RequestsPerSecond);
        var stops = wait.Undecided == Undecided.Ask ? "stop and ask" : "stop and wait for traffic";
        yield return $"Step {stage.Number} would {stops}: {wait.MinRequests} requests at {share} of {rate} "
            + $"do not come in {Timing.Text(wait.Patience)}. Lower minRequests, or begin with a larger share.";
    }

    static IEnumerable<string> Interrupted(Situation s, Seq<Stage> stages)
    {
        if (stages.Any(stage => stage.After.Table.Value.Holds) && s.Spec.Strategy is not StrategySpec.Recreate)
            yield return "For a moment no instance is left, and requests wait. Allow maxSurge: 1, or more replicas.";
    }

    static IEnumerable<string> HeldTooShort(Seq<Stage> stages, TimeSpan downtime)
    {
        var held = Stage.HeldAtMost(stages);
        if (downtime > held)
            yield return $"Nobody answers for ~{Timing.Text(downtime)}, and requests are held for {Timing.Text(held)}: "
                + "those that come first fail. Raise hold, or choose a strategy that keeps the old version meanwhile.";
    }

    static string Approval(Question.Approval approval)
    {
        var who = approval.By.Count == 0 ? "anybody" : string.Join(" or ", approval.By);
        return approval.IsChoice
            ? $"In the end somebody chooses, within {Timing.Text(approval.Timeout)}; without an answer nothing changes."
            : $"An approval by {who} is needed within {Timing.Text(approval.Timeout)}, or the release goes back.";
    }

    static IEnumerable<string> Untimely(Situation s, DateTimeOffset now)
    {
        var closed = Timetable.Closed(s.Spec.Windows, now);
        foreach (var reason in closed) yield return reason;
        if (closed.Count > 0)
            yield return $"A deploy is refused until {Timetable.Opens(s.Spec.Windows, now) ?? "the windows change"}; "
                + "--emergency \"why\" does not wait.";
    }
}
