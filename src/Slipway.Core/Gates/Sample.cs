namespace Slipway.Gates;

/// <summary>
/// What one tick (about a second) showed of the two fleets. Warm-up, probes and shadow traffic are not in it.
/// </summary>
/// <param name="Stable">Null when no control takes traffic beside the candidate.</param>
public readonly record struct Sample(double Seconds, FleetCounts Candidate, FleetCounts? Stable = null)
{
    /// <summary>A value beyond this, up or down, is none: sums of its squares would soon be no numbers.</summary>
    public const double LargestValue = 1e15;

    /// <summary>
    /// The candidate's part of all requests as every gateway has it in its table; null when no such part decides who
    /// gets a request (rules, sticky users, a table that is not confirmed yet).
    /// </summary>
    public double? Share { get; init; }

    /// <summary>What other systems say; a value that is not here is missing, never zero.</summary>
    public Seq<CustomValue> Custom { get; init; } = Seq<CustomValue>.Empty;

    /// <summary>Events that other systems have counted in this tick; what is not here is missing, never zero.</summary>
    public Seq<CustomCount> Counted { get; init; } = Seq<CustomCount>.Empty;
}

/// <summary>The counts of one fleet in one tick.</summary>
/// <param name="Errors">Bad answers of any kind, those in <paramref name="Unanswered"/> among them.</param>
/// <param name="Unanswered">Refused, broken, timed out, or answered 502, 503, 504: availability counts these.</param>
public readonly record struct FleetCounts(long Requests, long Errors, long Unanswered = 0)
{
    /// <summary>Requests whose clients left before any answer; no errors.</summary>
    public long GivenUp { get; init; }

    /// <summary>
    /// Null: nobody measured. Its total may differ from <see cref="Requests"/> (streams have no latency).
    /// </summary>
    public LatencyCounts? Latency { get; init; }

    /// <summary>Shares of what an instance may use (1 is all of it), on average over the instances.</summary>
    public double? Cpu { get; init; }
    public double? Memory { get; init; }

    /// <summary>Requests that have been sent and not answered yet, now.</summary>
    public long UnderWay { get; init; }

    /// <summary>Instances that ended by themselves in this tick.</summary>
    public int Restarts { get; init; }
    public int Instances { get; init; }

    /// <summary>The counts since an earlier look; what is a level and no count stays as it is.</summary>
    public FleetCounts Minus(FleetCounts earlier) => this with
    {
        Requests = Math.Max(0, Requests - earlier.Requests),
        Errors = Math.Max(0, Errors - earlier.Errors),
        Unanswered = Math.Max(0, Unanswered - earlier.Unanswered),
        GivenUp = Math.Max(0, GivenUp - earlier.GivenUp),
        Restarts = Math.Max(0, Restarts - earlier.Restarts),
        Latency = earlier.Latency is { } before ? Latency?.Minus(before) : Latency,
    };
}

/// <summary>A metric of another system, by the name of its gate's source.</summary>
public readonly record struct CustomValue(string Name, double Candidate, double? Stable = null)
{
    /// <summary>Why there is no value, in words; the numbers say nothing then.</summary>
    public string? Why { get; init; }

    public static CustomValue None(string name, string why) => new(name, double.NaN) { Why = why };
}

/// <summary>Events of another system, by the name of its gate's source: the bad ones, and all.</summary>
/// <param name="Stable">Null when there is nothing to compare with.</param>
public readonly record struct CustomCount(string Name, EventCount Candidate, EventCount? Stable = null)
{
    /// <summary>What has come since an earlier look.</summary>
    public CustomCount Minus(CustomCount earlier) => this with
    {
        Candidate = Candidate.Minus(earlier.Candidate),
        Stable = Stable?.Minus(earlier.Stable ?? default),
    };
}

public readonly record struct EventCount(double Bad, double All)
{
    /// <summary>A counter that was set back has begun anew.</summary>
    public EventCount Minus(EventCount earlier) =>
        All < earlier.All || Bad < earlier.Bad ? this : new(Bad - earlier.Bad, All - earlier.All);
}
