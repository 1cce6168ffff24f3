using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>How much worse than stable: in points of a rate, in seconds, in plain numbers, or as a ratio.</summary>
internal readonly record struct Worse(Worse.Unit In, double Amount)
{
    internal enum Unit { Points, Seconds, Plain, Ratio }
}

/// <summary>A gate while its keys are read, which may come in any order.</summary>
internal sealed record GateDraft
{
    static readonly GateRule NotYet = new GateRule.Limit(Metric.Custom);

    public Seq<GateRule> Rules { get; init; } = [];
    public GateSpec Spec { get; init; } = new(NotYet);
    public string? Name { get; init; }
    public TimeSpan? BodyFor { get; init; }
    public string? Compare { get; init; }
    public Worse WorseBy { get; init; } = new(Worse.Unit.Ratio, 1.2);
    public double Percentile { get; init; } = 0.99;
    public string? Custom { get; init; }
    public string? From { get; init; }
    public string? Query { get; init; }
    public string? Of { get; init; }
    public bool LessIsWorse { get; init; }
    public string? Url { get; init; }
    public string? Path { get; init; }
    public Take Take { get; init; }

    /// <summary>What is asked, whatever the source calls it.</summary>
    public string Asked => Query ?? Url ?? "";
    public double? Min { get; init; }
    public double? Max { get; init; }
    public double? EqualTo { get; init; }
    public double Tolerance { get; init; }

    /// <summary>Several percentiles in one gate are several gates.</summary>
    public Seq<GateSpec> Done()
    {
        Seq<GateRule> rules = Custom is { } name ? [Elsewhere(name)] : Compare is not null ? [Comparison()] : Rules;
        return rules.Select(rule => Spec with
        {
            Rule = rule,
            Name = Name is null ? rule.DefaultName : rules.Count == 1 ? Name : $"{Name} {rule.DefaultName}",
            For = BodyFor ?? Spec.For,
        }).ToSeq();
    }

    /// <summary>It looks at a level, like cpu, and not at events that go well or wrong.</summary>
    public bool IsOfValue => Compare is null && Of is null
        && (Custom is not null
            || Rules is [GateRule.Limit { Metric: Metric.Cpu or Metric.Memory or Metric.Throughput }]);

    public Metric? Compared => Compare switch
    {
        _ when From is not null => Metric.Custom,
        "errorRate" => Metric.ErrorRate,
        "successRate" => Metric.SuccessRate,
        "availability" => Metric.Availability,
        "latency" => Metric.Latency,
        "throughput" => Metric.Throughput,
        "cpu" => Metric.Cpu,
        "memory" => Metric.Memory,
        _ => null,
    };

    GateRule.Limit Elsewhere(string name) => new GateRule.Limit(Metric.Custom, Max, Min)
    {
        EqualTo = EqualTo,
        Tolerance = Tolerance,
        Source = SourceOf(name),
    };

    CustomMetric SourceOf(string name) => new(name, From!, Asked) { Of = Of, Path = Path, Take = Take };

    GateRule.Compare Comparison()
    {
        var metric = Compared ?? Metric.Custom;
        var rule = new GateRule.Compare(metric, Percentile: metric == Metric.Latency ? Percentile : null)
        {
            Source = metric == Metric.Custom ? SourceOf(Compare!) : null,
            LessIsWorse = LessIsWorse,
        };
        return WorseBy.In == Worse.Unit.Ratio ? rule with { Ratio = WorseBy.Amount }
            : rule with { WorseBy = WorseBy.Amount };
    }
}
