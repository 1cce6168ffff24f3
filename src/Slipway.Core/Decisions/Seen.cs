using Slipway.Gates;
using Slipway.Routing;

namespace Slipway.Decisions;

/// <summary>
/// The world as it was last looked at. Volatile, never journalled. What has not been looked at in this life is null,
/// and nothing is done or ended on the strength of it.
/// </summary>
public sealed record Seen
{
    public static readonly Seen Nothing = new();

    public Seq<SeenFleet>? Fleets { get; init; }
    public SeenTable? Table { get; init; }
    public Seq<SeenSetting>? Settings { get; init; }
    public Judgement? Judgement { get; init; }

    public bool IsComplete => Fleets is not null && Table is not null && Settings is not null;

    public SeenFleet? Find(Fleet fleet) => Fleets?.FirstOrDefault(seen => seen.Fleet == fleet);
    public SeenSetting? Find(string setting) => Settings?.FirstOrDefault(seen => seen.Name == setting);

    /// <summary>Instances that would answer a request sent to the fleet now.</summary>
    public int ReadyOf(Fleet fleet) => Find(fleet)?.Ready ?? 0;
}

/// <summary>A fleet as its target reports it.</summary>
/// <param name="Size">The size that the target has accepted, asked for at <paramref name="Since"/>.</param>
/// <param name="Live">Instances that exist, in whatever state.</param>
/// <param name="Ready">Instances that would answer a request.</param>
/// <param name="Available">Instances ready for as long as the order asked.</param>
/// <param name="Failed">Instances that the target has given up on.</param>
public sealed record SeenFleet(Fleet Fleet, int Size, long Since, int Live, int Ready, int Available, int Failed)
{
    /// <summary>
    /// Instances that were ready once and are not now: crashed, or not ready any more. Those that come up for the first
    /// time are not among them, so it means the same however old the look is.
    /// </summary>
    public int Lost { get; init; }

    /// <summary>Instances that the machine has ended since they took more memory than there was.</summary>
    public int OutOfMemory { get; init; }

    /// <summary>Why the latest of its instances failed, or else is not ready, in the target's words.</summary>
    public string? Why { get; init; }
}

/// <summary>The table that every gateway has acknowledged, and the sequence that asked for it.</summary>
public sealed record SeenTable(RouteTable Value, long Since);

public sealed record SeenSetting(string Name, string? Value, long Since);

/// <summary>
/// What the gates say of the step that was entered at <paramref name="Entered"/> of <paramref name="Release"/>.
/// </summary>
/// <param name="Requests">Requests that the candidate has answered in this step.</param>
/// <param name="Answering">Every metric source has answered lately.</param>
public sealed record Judgement(int Release, long Entered, Seq<Reading> Readings, long Requests, bool Answering)
{
    /// <summary>When the sources last answered: what is much older is no evidence that all is well.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Every gate that acts has measured a few times in this step.</summary>
    public bool Measured { get; init; } = true;

    /// <summary>The gates' sums, to be journalled now and then.</summary>
    public JudgeState? State { get; init; }

    /// <summary>Proven by every gate that can turn a release back; where none can, nothing is proven.</summary>
    public bool Harmless =>
        Readings.Any(reading => reading.Acts) && Readings.All(reading => reading.Harmless || !reading.Acts);

    public Reading? Failed => Readings.FirstOrDefault(reading => reading.Acts && reading.Verdict == Verdict.Fail);

    /// <summary>It is out of its limit in this step: that may end in many ways, but not well.</summary>
    public Reading? OverLimit => Readings.FirstOrDefault(reading => reading is { Acts: true, OverLimit: true });

    /// <summary>The service fails as a whole, and nothing is left to compare with; the longest is told.</summary>
    public Reading? Outage => Readings.Where(reading => reading is { Acts: true, OutageSeconds: > 0 })
        .MaxBy(reading => reading.OutageSeconds);

    /// <summary>Something is wrong that is no fault of the candidate: a person has to look.</summary>
    public Reading? Asks => Readings.FirstOrDefault(reading =>
        reading.Acts && reading.Verdict is Verdict.NotTheRelease or Verdict.WrongSplit);
}
