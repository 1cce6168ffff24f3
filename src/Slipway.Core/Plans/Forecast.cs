using Slipway.Routing;

namespace Slipway.Plans;

/// <summary>What a plan would do, before anything is done: what `slipway plan` and the dashboard show.</summary>
public sealed record Forecast
{
    public required string Service { get; init; }
    public required string Environment { get; init; }
    public required string Strategy { get; init; }

    /// <summary>The version that serves now; none before a first deploy.</summary>
    public string? From { get; init; }
    public required string To { get; init; }
    public required Seq<ForecastRow> Rows { get; init; }

    /// <summary>What happens to the old fleet when the plan is over.</summary>
    public ForecastRow? Tail { get; init; }

    public int PeakInstances { get; init; }
    public required string Instances { get; init; }

    /// <summary>How long nobody answers: requests are held meanwhile, each at most <see cref="HeldAtMost"/>.</summary>
    public TimeSpan Downtime { get; init; }
    public TimeSpan HeldAtMost { get; init; }

    public TimeSpan Shortest { get; init; }
    public TimeSpan Scheduled { get; init; }

    /// <summary>What the schedule does not know: people, and hooks.</summary>
    public Seq<string> WaitsFor { get; init; } = [];

    /// <summary>The shortest time with pace: asap, where the file asks for another pace.</summary>
    public TimeSpan? WithHaste { get; init; }

    public required GoingBack Back { get; init; }

    /// <summary>Who is treated apart from the shares, as a sentence.</summary>
    public string? Who { get; init; }
    public required Findings Findings { get; init; }
    public Seq<string> Warnings { get; init; } = [];
    public Seq<string> Notes { get; init; } = [];
}

/// <param name="Kind">The step's word: scale, shift, wait, ask, set, settle.</param>
/// <param name="Undo">What takes the step back; "-" when there is nothing to take back.</param>
/// <param name="Back">From here, the time until all traffic is where it was.</param>
public sealed record ForecastRow(int Number, string Kind, string Text, Timing Takes, string Undo, TimeSpan Back)
{
    /// <summary>What the gates would find in this step, and how soon.</summary>
    public string Watched { get; init; } = "";
    public Share Share { get; init; }
    public int Instances { get; init; }
}

/// <param name="Text">In one line.</param>
/// <param name="Slowest">The longest way back from any step.</param>
/// <param name="AtOnceFor">After the release: how long going back is one change of the route.</param>
/// <param name="Later">And how long it takes after that.</param>
public sealed record GoingBack(string Text, TimeSpan Slowest, TimeSpan AtOnceFor, TimeSpan Later);

/// <summary>What the gates can find at each share, and how soon.</summary>
public sealed record Findings(
    double RequestsPerSecond, TrafficFrom TrafficFrom, Seq<FindingsColumn> Columns, Seq<FindingsRow> Rows)
{
    /// <summary>Gates without a forecast: what they look at is known to their source alone.</summary>
    public Seq<string> AlsoWatched { get; init; } = [];

    /// <summary>All shares that the plan goes through, also those that have no column: they may be too many.</summary>
    public Seq<string> Shares { get; init; } = [];

    /// <summary>Steps are shorter than some of the times: the evidence of one goes on in the next.</summary>
    public bool AddsUp { get; init; }
}

/// <param name="Within">Found later than this is not found in the step.</param>
public sealed record FindingsColumn(string Text, Share Share, TimeSpan Within);

/// <param name="Name">The same in two words, for the column beside the steps.</param>
/// <param name="After">For each column the time until half of the cases are found; none when it is not found.</param>
public sealed record FindingsRow(string Text, string Name, Seq<TimeSpan?> After);
