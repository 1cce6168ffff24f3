using System.Text.Json.Serialization;

namespace Slipway.Specification;

/// <summary>A condition on a metric, judged all through a release.</summary>
public sealed record GateSpec(GateRule Rule)
{
    /// <summary>What the gate is called in evidence and events; derived from the rule when not given.</summary>
    public string Name { get; init; } = Rule.DefaultName;
    public Severity Severity { get; init; } = Severity.Fail;

    /// <summary>Judged and shown, never acted on.</summary>
    public bool DryRun { get; init; }

    /// <summary>An absolute limit counts only when it has been broken for this long.</summary>
    public TimeSpan For { get; init; } = TimeSpan.Zero;
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Nothing is counted for so long after the candidate has begun to answer, in each step anew.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Measurements in a row, of 20 s each, that a value must be out of its limit to fail, and within it to be
    /// harmless; 0 leaves that to <see cref="For"/> and to the evidence.
    /// </summary>
    public int Failures { get; init; }
    public int Successes { get; init; }
    public int MinRequests { get; init; } = Defaults.MinRequests;

    /// <summary>The metric of another system that it leans on.</summary>
    [JsonIgnore]
    public CustomMetric? Source => Rule switch
    {
        GateRule.Limit rule => rule.Source,
        GateRule.Compare rule => rule.Source,
        _ => null,
    };
}

public enum Severity { Fail, Warn }

public enum Metric
{
    ErrorRate, SuccessRate, Availability, Latency, Throughput, Cpu, Memory, Restarts, Custom, MemoryGrowth,
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Limit), "limit")]
[JsonDerivedType(typeof(Compare), "compare")]
public abstract record GateRule
{
    GateRule() { }

    public abstract string DefaultName { get; }

    /// <summary>
    /// Rates and shares are fractions (1 % is 0.01), latencies seconds at <paramref name="Percentile"/> (p99 is 0.99).
    /// </summary>
    public sealed record Limit(
        Metric Metric, double? Max = null, double? Min = null, double? Percentile = null) : GateRule
    {
        public double? EqualTo { get; init; }
        public double Tolerance { get; init; }
        public CustomMetric? Source { get; init; }
        public override string DefaultName => Names.Of(Metric, Percentile, Source);
    }

    /// <summary>
    /// The candidate may not be worse than stable: by more than <paramref name="WorseBy"/> points (or seconds),
    /// or by more than a ratio ("20%" worse is 1.2).
    /// </summary>
    public sealed record Compare(
        Metric Metric, double WorseBy = 0, double Ratio = 1.2, double? Percentile = null) : GateRule
    {
        public CustomMetric? Source { get; init; }

        /// <summary>Of a value of another system: less is worse.</summary>
        public bool LessIsWorse { get; init; }
        public override string DefaultName => $"{Names.Of(Metric, Percentile, Source)} compared";
    }

    static class Names
    {
        public static string Of(Metric metric, double? percentile, CustomMetric? source) => metric switch
        {
            Metric.ErrorRate => "errors",
            Metric.SuccessRate => "successes",
            Metric.Availability => "availability",
            Metric.Latency => $"p{percentile * 100:0.##}",
            Metric.Throughput => "throughput",
            Metric.Cpu => "cpu",
            Metric.Memory => "memory",
            Metric.Restarts => "restarts",
            Metric.MemoryGrowth => "memory growth",
            _ => source?.Name ?? "custom",
        };
    }
}

/// <summary>
/// A value that another system knows: <paramref name="From"/> names the source, <paramref name="Query"/> is in its
/// language.
/// </summary>
public sealed record CustomMetric(string Name, string From, string Query)
{
    /// <summary>
    /// What all events are counted with, when the query counts the bad ones among them: the metric is then a share, and
    /// judged like errors. Without it the metric is a value.
    /// </summary>
    public string? Of { get; init; }

    /// <summary>Where in a JSON answer the value stands, like <c>data.rate</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Anything but the last value is made of all those in the gate's window.</summary>
    public Take Take { get; init; }
}
