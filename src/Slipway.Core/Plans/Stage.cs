using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>A step with the world around it: what is wanted before and after.</summary>
sealed record Stage(int Number, Step Step, World Before, World After)
{
    /// <summary>Before the plan: stable serves, and whatever is warm of the candidate.</summary>
    public static World Begin(Situation s)
    {
        var world = World.Empty.With(s.Table, 0);
        if (!s.IsFirst) world = world.With(s.Stable, s.StableSize, 0);
        return s.CandidateSize > 0 ? world.With(s.Candidate, s.CandidateSize, 0) : world;
    }

    public static Seq<Stage> Of(Seq<Step> plan, World world)
    {
        var stages = new List<Stage>(plan.Count);
        foreach (var step in plan)
        {
            var after = step switch
            {
                Step.Scale x => world.With(x.Fleet, x.To, 0),
                Step.Shift x => world.With(x.Table, 0),
                Step.Set x => world.With(x.Name, x.Value, 0),
                _ => world,
            };
            stages.Add(new(stages.Count + 1, step, world, after));
            world = after;
        }
        return stages.ToSeq();
    }

    /// <summary>The share of ordinary requests, or of their copies, that the fleet answers: previews aside.</summary>
    public Share Seen(Fleet fleet)
    {
        var (table, copied) = (After.Table.Value, Share.None);
        if (table.Mirror is { } mirror && mirror.To == fleet) copied = mirror.Share;
        return Share.Max(table.ShareOf(fleet), copied);
    }

    /// <summary>How long a request waits at most while nobody answers.</summary>
    public static TimeSpan HeldAtMost(Seq<Stage> stages) =>
        stages.Select(stage => stage.After.Table.Value.Rest).OfType<Target.Hold>()
            .Select(hold => hold.AtMost).Append(TimeSpan.Zero).Max();

    public int Instances => Total(After);

    public static int Total(World world) => world.Fleets.Sum(wanted => wanted.Size);

    /// <summary>How long the step should take; people and hooks take what they take, up to their limit.</summary>
    public Timing Takes(Situation s, Budget budget, Outlook outlook) => Step switch
    {
        Step.Scale { To: var to, From: var from } when to > from => Timing.About(outlook.StartUp + budget.MinReady),
        Step.Scale { To: var to, From: var from } when to < from => Timing.About(Outlook.AssumedStop),
        Step.Wait x => Waiting(x, x.For, s.Candidate, outlook),
        Step.Ask { Question: Question.Check x } => Timing.About(TimeSpan.FromTicks(x.All.Sum(Assumed))),
        Step.Ask { Question: Question.Webhook { Confirms: false } } => Timing.About(Outlook.AssumedRequest),
        Step.Ask x => Timing.AtMost(x.Question.Timeout),
        _ => Timing.AtOnce,
    };

    /// <summary>The least that the step can take: proof of harmlessness ends a wait early.</summary>
    public TimeSpan Least(Situation s, Budget budget, Outlook outlook) => Step is Step.Wait x
        ? Waiting(x, x.EarliestEnd ?? x.For, s.Candidate, outlook).Time
        : Scheduled(s, budget, outlook);

    /// <summary>People and hooks are not foreseen; a wait that starves lasts all its patience, and then some.</summary>
    public TimeSpan Scheduled(Situation s, Budget budget, Outlook outlook)
    {
        var takes = Takes(s, budget, outlook);
        return takes.Is == Certainty.AtMost && Step is not Step.Wait ? TimeSpan.Zero : takes.Time;
    }

    /// <summary>The time that the requests take to come that a verdict needs; null when they never do.</summary>
    public static TimeSpan? Evidence(Step.Wait wait, Share share, Outlook outlook)
    {
        if (wait.MinRequests == 0) return TimeSpan.Zero;
        var seconds = wait.MinRequests / (outlook.RequestsPerSecond * share.Fraction);
        return seconds < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    Timing Waiting(Step.Wait wait, TimeSpan least, Fleet candidate, Outlook outlook)
    {
        var needs = Evidence(wait, Seen(candidate), outlook);
        return needs <= least ? Timing.Exactly(least)
            : needs is { } longer && longer < wait.Patience ? Timing.About(longer)
            : wait.Undecided == Undecided.Health ? Timing.Exactly(wait.Patience)
            : Timing.AtMost(wait.Patience);
    }

    static long Assumed(CheckSpec check) => check switch
    {
        CheckSpec.Run => Outlook.AssumedCommand.Ticks,
        CheckSpec.Load load => load.For.Ticks,
        _ => Outlook.AssumedRequest.Ticks,
    };
}
