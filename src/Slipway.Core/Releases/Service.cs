using System.Text.Json.Serialization;
using Slipway.Gates;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Releases;

/// <summary>
/// A deployable application in one environment: the aggregate. One append-only stream, and this is its fold. It owns
/// the wanted world, the revisions, the warm fleet and the queue; roles are derived from it, never stored.
/// </summary>
public sealed record Service(string Name)
{
    /// <summary>
    /// Bumped when the shape of the fold changes: cached snapshots of another version are thrown away.
    /// </summary>
    public const int StateVersion = 5;

    const int CommandsRemembered = 64;
    const int PastRemembered = 50;

    public long Sequence { get; init; }
    public ServiceSpec? Spec { get; init; }

    /// <summary>A changed specification waits here while a release is running.</summary>
    public ServiceSpec? Waiting { get; init; }

    public Seq<Revision> Revisions { get; init; } = [];
    public Fleet? Stable { get; init; }
    public World Want { get; init; } = World.Empty;
    public Run? Run { get; init; }
    public Deployment? Next { get; init; }
    public Warm? Previous { get; init; }
    public Guard? Guard { get; init; }
    public int Releases { get; init; }
    public Seq<Past> History { get; init; } = [];
    public JudgeState? Evidence { get; init; }
    public DateTimeOffset EvidenceAt { get; init; }

    /// <summary>The event that journalled it: what a run counts from a later one is not in it.</summary>
    public long EvidenceSince { get; init; }
    public bool Removed { get; init; }

    /// <summary>
    /// The oldest revision that still works: older ones need a shape of the schema that has been purged.
    /// </summary>
    public int Oldest { get; init; }

    /// <summary>
    /// The latest commands, and those that began a release that is still known: one that comes again is acknowledged,
    /// not done again.
    /// </summary>
    public Seq<Given> Commands { get; init; } = [];

    [JsonIgnore]
    public bool Registered => Spec is not null && !Removed;

    [JsonIgnore]
    public Revision? StableRevision => Stable is { } fleet ? RevisionOf(fleet) : null;

    [JsonIgnore]
    public int NextRevision => Revisions.Count == 0 ? 1 : Revisions[^1].Number + 1;

    /// <summary>
    /// The warm fleet, when a run of this kind lets it go: only what a release itself uses stays warm beside it, two
    /// whole fleets are enough. A restart brings a few instances at a time, and no other version.
    /// </summary>
    internal Fleet? LetGoBy(RunKind kind, Fleet candidate) =>
        Previous is { } warm && warm.Fleet != candidate && kind != RunKind.Restart ? warm.Fleet : null;

    public Revision RevisionOf(Fleet fleet) => Revisions.First(revision => revision.Number == fleet.Revision);

    public Given? Find(string command) => Commands.LastOrDefault(given => given.Id == command);

    internal Service Remember(Recorded recorded) => (recorded.Event switch
    {
        // What waited has its turn: of all that begins by itself, only that is a new version.
        Event.Started { Kind: RunKind.First or RunKind.Deploy } x when recorded.Command is null =>
            Await(given => given with { Release = x.Release }),
        Event.Started or Event.Asked or Event.Dropped => Await(given => given with { Begins = false }),
        _ => this,
    }).Add(recorded);

    Service Await(Func<Given, Given> with) =>
        this with { Commands = Commands.Replace(given => given.Waits, with) };

    Service Add(Recorded recorded)
    {
        if (recorded.Command is not { } said) return this;
        var all = Commands.Add(Given.As(said, recorded.Event, Run));
        var oldest = History is [var first, ..] ? first.Release : 0;
        var tooMany = all.Count(given => !given.Begins) - CommandsRemembered;
        return this with
        {
            Commands = all.Where(given => given.Begins ? given.Waits || given.Release >= oldest : tooMany-- <= 0)
                .ToSeq(),
        };
    }

    internal Service Record(Past past) => this with { History = History.Add(past).Last(PastRemembered) };
}

/// <summary>A command that was given: what it wanted, and the release that it was about.</summary>
public sealed record Given(string Id, string Of, int? Release)
{
    /// <summary>It has begun that release, or will when the one under way is over.</summary>
    public bool Begins { get; init; }

    [JsonIgnore]
    public bool Waits => Begins && Release is null;

    /// <summary>As the journal has it: a command's id, and what it wanted behind the last blank.</summary>
    internal static Given As(string said, Event e, Run? run)
    {
        var (begins, end) = (e is Event.Started or Event.Asked, said.LastIndexOf(' '));
        var (id, of) = end < 0 ? (said, "") : (said[..end], said[(end + 1)..]);
        return new(id, of, e is Event.Asked ? null : run?.Release) { Begins = begins };
    }
}

/// <summary>The fleet that was stable before: kept running so that going back is one change of the route.</summary>
public sealed record Warm(Fleet Fleet, DateTimeOffset Until);

/// <summary>
/// The gates go on watching the new stable: one that fails until then starts an undo by itself, warm or cold.
/// </summary>
public sealed record Guard(Fleet BackTo, DateTimeOffset Until)
{
    /// <summary>When people were last told that the service fails as a whole.</summary>
    public DateTimeOffset? ToldAt { get; init; }
}

/// <summary>A setting before a release; no value means that it was never set.</summary>
public sealed record Earlier(string Name, string? Value);

/// <summary>A release that is over.</summary>
public sealed record Past(
    int Release, RunKind Kind, Fleet Candidate, Fleet? From, Outcome Outcome,
    DateTimeOffset Began, DateTimeOffset Ended)
{
    public Reason Reason { get; init; }
    public string Why { get; init; } = "";
    public string By { get; init; } = "";
    public bool? Verified { get; init; }

    /// <summary>The settings that it has changed, as they were before: what an undo gives back.</summary>
    public Seq<Earlier> Changed { get; init; } = [];

    /// <summary>What people were told of on the way: an undo hook that failed, instances that came late.</summary>
    public Seq<string> Notices { get; init; } = [];

    /// <summary>It brings a version that was not live before.</summary>
    [JsonIgnore]
    public bool Ships => Kind is RunKind.First or RunKind.Deploy;

    /// <summary>The pointer moved to its candidate.</summary>
    [JsonIgnore]
    public bool HasSettled => Outcome is Outcome.Done or Outcome.DoneWithFailures && Kind != RunKind.Purge;
}
