namespace Slipway.Client;

/// <summary>A release, under way or over.</summary>
public sealed record ReleaseReport(string Id, int Number, string Service, string Kind)
{
    public string? From { get; init; }
    public required string To { get; init; }
    public required string Strategy { get; init; }
    public required string Environment { get; init; }

    /// <summary>forward, approval, paused, back, or over.</summary>
    public required string Mode { get; init; }

    /// <summary>Why it is paused, goes back, or ended as it did.</summary>
    public string Reason { get; init; } = "";
    public string Why { get; init; } = "";
    public string By { get; init; } = "";
    public string? Cause { get; init; }
    public string? Commit { get; init; }

    /// <summary>Why it did not wait for a change window, nor for the circuit breaker, when it did not.</summary>
    public string? Emergency { get; init; }
    public DateTimeOffset Began { get; init; }
    public DateTimeOffset? Ended { get; init; }

    /// <summary>
    /// done, doneWithFailures, rolledBack, aborted, superseded, observed, kept, removed; none while it runs.
    /// </summary>
    public string? Outcome { get; init; }
    public IReadOnlyList<StepReport> Steps { get; init; } = [];

    /// <summary>The number of the step under way; 0 before the first.</summary>
    public int At { get; init; }

    /// <summary>What is wanted of the route, and what every gateway has: in percent for the new version.</summary>
    public double SharePercent { get; init; }
    public double ShareSeenPercent { get; init; }

    /// <summary>Whom the release waits for: roles, empty for anybody; none when it waits for nobody.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>Whoever opens it may answer the approval that the release waits for, once.</summary>
    public string? ApprovalLink { get; init; }

    /// <summary>The way back is done; whether it has helped is still looked at.</summary>
    public bool Verifying { get; init; }

    /// <summary>When the step under way is over, if only time has to pass.</summary>
    public DateTimeOffset? StepEnds { get; init; }

    /// <summary>When all is done, if everything goes its way.</summary>
    public DateTimeOffset? EndsAbout { get; init; }
    public IReadOnlyList<GateReport> Gates { get; init; } = [];
    public IReadOnlyList<SideReport> Sides { get; init; } = [];
}

/// <summary>A link that answers an approval, and until when; while the release is paused, no time is running.</summary>
public sealed record ApprovalLinkReport(string Url, DateTimeOffset? Ends);

/// <param name="State">done, now, or next.</param>
public sealed record StepReport(int Number, string Kind, string Text, string State, string Note, double TakesSeconds)
{
    /// <summary>The person who has answered its question.</summary>
    public string? By { get; init; }
}

/// <param name="Verdict">fail, noHarm, undecided, notTheRelease.</param>
/// <param name="Acts">It can turn the release back; others only tell.</param>
public sealed record GateReport(string Name, string Verdict, string Evidence, bool Harmless, bool Acts);

/// <summary>One of the two versions that share the traffic.</summary>
public sealed record SideReport(string Version, string Role, int Ready, int Size)
{
    public double SharePercent { get; init; }
    public TrafficReport? Traffic { get; init; }
}

/// <summary>What has passed through the gateways in about the last ten seconds.</summary>
/// <param name="ErrorPercent">None when nobody has asked for anything.</param>
public sealed record TrafficReport(double RequestsPerSecond, double? ErrorPercent)
{
    public double? P50Ms { get; init; }
    public double? P99Ms { get; init; }
}

/// <summary>One thing that happened, in words.</summary>
/// <param name="Kind">The event's name in the journal.</param>
public sealed record EventReport(long Sequence, DateTimeOffset At, string Service, string Kind, string Text)
{
    public int? Release { get; init; }
    public string Reason { get; init; } = "";
    public string By { get; init; } = "";
    public string? Evidence { get; init; }
}
