using System.Text.Json.Serialization;
using Slipway.Routing;

namespace Slipway.Specification;

/// <summary>How a new revision takes over. Each compiles to the same six steps (see Plans).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Recreate), "recreate")]
[JsonDerivedType(typeof(Rolling), "rolling")]
[JsonDerivedType(typeof(BlueGreen), "blueGreen")]
[JsonDerivedType(typeof(Canary), "canary")]
[JsonDerivedType(typeof(AbTest), "abTest")]
[JsonDerivedType(typeof(Shadow), "shadow")]
[JsonDerivedType(typeof(ByHand), "steps")]
public abstract record StrategySpec
{
    StrategySpec() { }

    /// <summary>How long the instances of one step may take to be ready.</summary>
    public TimeSpan Deadline { get; init; } = Defaults.ScaleDeadline;

    public sealed record Recreate : StrategySpec
    {
        public TimeSpan Hold { get; init; } = Defaults.Hold;
    }

    public sealed record Rolling : StrategySpec
    {
        public int Batch { get; init; } = 1;
        public TimeSpan Interval { get; init; } = TimeSpan.Zero;
        public CountOrPercent MaxUnavailable { get; init; } = CountOrPercent.Percent(25);
        public CountOrPercent MaxSurge { get; init; } = CountOrPercent.Percent(25);
        public TimeSpan MinReady { get; init; } = TimeSpan.Zero;

        /// <summary>
        /// Below this share of failed instances the release goes on, and ends as "completed with failures".
        /// </summary>
        public double TolerateFailures { get; init; }
    }

    public sealed record BlueGreen : StrategySpec
    {
        public ValidateSpec? Validate { get; init; }

        /// <summary>The shares on the way to all; [100] switches at once.</summary>
        public Seq<Share> Switch { get; init; } = [Share.All];
        public TimeSpan Every { get; init; } = Defaults.SwitchInterval;
        public Promote Promote { get; init; } = Promote.Auto;
    }

    public sealed record Canary : StrategySpec
    {
        public Seq<Share> Steps { get; init; } = [Share.Percent(5), Share.Percent(25), Share.Percent(50), Share.All];
        public TimeSpan Every { get; init; } = Defaults.StepInterval;
        public int MinRequests { get; init; } = Defaults.MinRequests;
        public Pace Pace { get; init; } = Pace.Scheduled;

        /// <summary>With <see cref="Pace.Asap"/>: no step ends before this.</summary>
        public TimeSpan Minimum { get; init; } = TimeSpan.FromSeconds(30);
        public Undecided Undecided { get; init; } = Undecided.Wait;

        /// <summary>
        /// Who sees the candidate from which step on; nobody named here gets it by weight before the last step.
        /// </summary>
        public Seq<SegmentRule> Rules { get; init; } = [];
    }

    public sealed record AbTest : StrategySpec
    {
        public Seq<SegmentRule> Rules { get; init; } = [];
        public Share Treatment { get; init; } = Share.Percent(50);
        public TimeSpan For { get; init; } = TimeSpan.FromDays(7);

        /// <summary>The experiment whose decision ends the test early; otherwise time does.</summary>
        public string? Experiment { get; init; }
        public int MinRequests { get; init; } = Defaults.MinRequests;

        /// <summary>What happens to the treatment when the time is over without a harm.</summary>
        public AbEnd Then { get; init; } = AbEnd.Ask;
    }

    public sealed record Shadow : StrategySpec
    {
        public Share Mirror { get; init; } = Share.All;
        public Seq<string> Methods { get; init; } = ["GET", "HEAD"];
        public TimeSpan For { get; init; } = TimeSpan.FromMinutes(30);
        public Seq<Setting> Env { get; init; } = [];
        public CountOrPercent Instances { get; init; } = CountOrPercent.Percent(100);
    }

    public sealed record ByHand(Seq<HandStep> Steps) : StrategySpec;
}

public enum Promote { Auto, Manual }

public enum Pace { Scheduled, Asap }

/// <summary>
/// What a step does after 4 times its length with too little traffic to judge: it pauses until the requests have come,
/// it pauses until a person resumes or aborts, or it goes on because nothing speaks against it.
/// </summary>
public enum Undecided { Wait, Ask, Health }

/// <summary>How an A/B test without harm ends: the treatment takes over, control stays, or a person decides.</summary>
public enum AbEnd { Ask, Settle, Keep }

public sealed record ValidateSpec
{
    public Share Traffic { get; init; } = Share.Percent(5);
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(5);
    public int MinRequests { get; init; } = Defaults.MinRequests;
}

public enum Side { Candidate, Stable, Last }

/// <summary>
/// Requests that are treated apart: they go to the candidate, stay with stable, or come <see cref="Side.Last"/>
/// (only when everybody else is there). <paramref name="From"/> is the step, in percent, at which the rule begins.
/// </summary>
public sealed record SegmentRule(string Name, Match When, Side To, Share From = default);

/// <summary>One step as a person writes it; fleets are named by their role.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Scale), "scale")]
[JsonDerivedType(typeof(Shift), "shift")]
[JsonDerivedType(typeof(Wait), "wait")]
[JsonDerivedType(typeof(Check), "check")]
[JsonDerivedType(typeof(Approve), "approve")]
[JsonDerivedType(typeof(Set), "set")]
[JsonDerivedType(typeof(Settle), "settle")]
public abstract record HandStep
{
    HandStep() { }

    public sealed record Scale(CountOrPercent Size) : HandStep;
    public sealed record Shift(Share To) : HandStep;
    public sealed record Wait(TimeSpan For, int MinRequests = Defaults.MinRequests) : HandStep;
    public sealed record Check(string Name) : HandStep;
    public sealed record Approve(Seq<string> By, TimeSpan Timeout) : HandStep;
    public sealed record Set(string Flag, string To) : HandStep;
    public sealed record Settle : HandStep;
}
