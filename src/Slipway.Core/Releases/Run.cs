using System.Text.Json.Serialization;
using Slipway.Plans;
using Slipway.Routing;

namespace Slipway.Releases;

public enum RunKind { First, Deploy, Undo, Restart, Purge, Remove }

public enum Mode { Forward, Paused, Back }

/// <summary>Why a release stopped going forward. Journalled: names are for ever.</summary>
public enum Reason
{
    None,
    Asked,
    Aborted,
    Superseded,
    GateFailed,
    CheckFailed,
    Rejected,
    ApprovalExpired,
    InstancesFailed,
    ScaleDeadline,
    RouteDeadline,
    SetDeadline,
    NotTheRelease,
    Undecided,
    Held,
    NotChosen,
    WrongSplit,
    InstancesLost,
    OutOfMemory,
    Recalled,
    Outage,
}

public static class Reasons
{
    /// <summary>
    /// Something was seen of the version itself: people and other systems that do not want it now have not seen it
    /// fail.
    /// </summary>
    public static bool IsItsFault(this Reason reason) => reason is not (Reason.None or Reason.Asked or Reason.Aborted
        or Reason.Superseded or Reason.Rejected or Reason.ApprovalExpired or Reason.NotChosen or Reason.Held);
}

public enum Outcome { Done, DoneWithFailures, RolledBack, Aborted, Superseded, Observed, Kept, Removed }

/// <summary>One release: one run of a plan inside its service's stream.</summary>
public sealed record Run(int Release, RunKind Kind, Fleet Candidate, World Baseline, Budget Budget, Seq<Step> Plan)
{
    public string By { get; init; } = "";
    public DateTimeOffset Began { get; init; }

    /// <summary>The step under way; −1 before the first.</summary>
    public int At { get; init; } = -1;

    /// <summary>When the step began: deadlines and waits count from here, anew after a pause.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The sequence of the event that entered the step: only what confirms this one ends it.</summary>
    public long Entered { get; init; }

    public Mode Mode { get; init; } = Mode.Forward;

    /// <summary>Why it is paused or going back.</summary>
    public Reason Reason { get; init; }
    public string Why { get; init; } = "";

    /// <summary>
    /// Evidence counts from this event on: the candidate's share was raised, or another wait began at the same share.
    /// </summary>
    public long CountsFrom { get; init; }

    /// <summary>A wait has begun since, whose evidence it is.</summary>
    public bool Counts { get; init; }

    public Answer? Answer { get; init; }
    public bool SkipsThisWait { get; init; }
    public bool SkipsWaits { get; init; }
    public bool Hurried { get; init; }
    public int ToleratedFailures { get; init; }
    public bool? Verified { get; init; }

    /// <summary>The step of a way back that somebody has been told about, so that they are told once.</summary>
    public int ToldAt { get; init; } = -1;

    /// <summary>What people were told of on the way.</summary>
    public Seq<string> Notices { get; init; } = [];

    /// <summary>The step in which a person has overruled what is no fault of the release.</summary>
    public int OverruledAt { get; init; } = -1;

    /// <summary>The hooks and settings of the forward plan that ran: what a way back undoes.</summary>
    public Seq<Question.Hook> HooksRun { get; init; } = [];

    [JsonIgnore]
    public Step? Step => At >= 0 && At < Plan.Count ? Plan[At] : null;

    /// <summary>
    /// On the way back, or asking whether an undo has helped: nothing turns that around, and nothing waits for it.
    /// </summary>
    [JsonIgnore]
    public bool GoesBack => Mode == Mode.Back || Step is Step.Ask { Question: Question.Verify };

    [JsonIgnore]
    public bool IsLast => At == Plan.Count - 1;

    [JsonIgnore]
    public bool AwaitsApproval => Step is Step.Ask { Question: Question.Approval } && Answer is null;

    /// <summary>Something that cannot be taken back has been asked for.</summary>
    [JsonIgnore]
    public bool IsFinal => Step is Step.Set { IsFinal: true };

    public string CandidateVersion(Service s) => s.RevisionOf(Candidate).Version;

    /// <summary>The table that the plan has reached: what a held release goes back to when it is resumed.</summary>
    [JsonIgnore]
    public RouteTable TableReached =>
        Plan.Take(At + 1).OfType<Step.Shift>().LastOrDefault()?.Table ?? Baseline.Table.Value;
}

public sealed record Answer(bool Passed, string Text, string By);
