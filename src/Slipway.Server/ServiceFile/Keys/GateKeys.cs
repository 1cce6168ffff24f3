using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>
/// Three kinds of gate: a limit for a metric that Slipway measures, a comparison with stable, a metric of another
/// system.
/// </summary>
internal static class GateKeys
{
    static readonly (string Key, Metric Metric, Shape<double> Value, string Says)[] Limited =
    [
        ("errorRate", Metric.ErrorRate, Percentages.Rate,
            "The share of requests that fail: a status from 500 on, or no answer."),
        ("successRate", Metric.SuccessRate, Percentages.Rate, "The share of requests that succeed."),
        ("availability", Metric.Availability, Percentages.Rate,
            "The share of requests that get an answer at all: 502, 503 and 504 are none."),
        ("throughput", Metric.Throughput, Numbers.PerSecond, "Requests in a second."),
        ("cpu", Metric.Cpu, Percentages.RateUpTo(10_000), "Processor time of an instance, in percent of one core."),
        ("memory", Metric.Memory, Percentages.Rate, "Memory of all instances together, in percent of what there is."),
        ("memoryGrowth", Metric.MemoryGrowth, Percentages.Rate,
            "How fast memory grows in an hour, in percent of what there is, over the window (5m at least is wise)."),
        ("restarts", Metric.Restarts, Numbers.Any, "How often instances had to be replaced."),
    ];

    static readonly (string Key, double Percentile)[] Percentiles =
        [("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999)];

    public static readonly Shape<Seq<GateSpec>> Gates = Lists.Of(Gate()).Check((gates, problems) =>
    {
        var names = new HashSet<string>();
        foreach (var gate in gates.All)
            if (gate.Value.FirstOrDefault(one => !names.Add(one.Name)) is { } twice)
                problems.Add(gate.At, $"two gates are called \"{twice.Name}\"", "give one of them a name: …");
        var metrics = new Dictionary<string, CustomMetric>(StringComparer.Ordinal);
        foreach (var gate in gates.All)
            if (gate.Value is [{ Source: { } source }, ..] && !metrics.TryAdd(source.Name, source)
                && metrics[source.Name] != source)
                problems.Add(gate.At, $"\"{source.Name}\" is asked in two ways", "call one of them otherwise");
    }).Select(gates => gates.SelectMany(gate => gate).ToSeq());

    static Shape<Seq<GateSpec>> Gate()
    {
        var gate = new MapShape<GateDraft>("gate", new());
        foreach (var (key, metric, value, says) in Limited)
            gate.Key(key, LimitOf(key, value), says,
                (draft, limit) => draft with { Rules = [limit.Of(metric)], BodyFor = limit.For });
        gate.Key("latency", Latency(), "How long answers take.",
            (draft, latency) => draft with { Rules = latency.Rules, BodyFor = latency.For });
        gate.Key("compare", Texts.Any,
            "A metric that may not be worse than stable's: errorRate, successRate, availability, latency, " +
            "throughput, cpu, memory; or, with from and query, one of another system.",
            (draft, metric) => draft with { Compare = metric });
        gate.Key("metric", Texts.Any, "A metric of another system, by a name of your choice.",
            (draft, name) => draft with { Custom = name });
        gate.ExactlyOne([.. Limited.Select(each => each.Key), "latency", "compare", "metric"]);
        Comparing(gate);
        return Common(FromElsewhere(gate)).Check(GateChecks.Check).Select(draft => draft.Done());
    }

    static void Comparing(MapShape<GateDraft> gate) => gate
        .Key("to", Choices.Words("stable"), "What a comparison is with.", (draft, _) => draft, "stable")
        .Key("worseBy", GateChecks.Worse, "How much worse is too much: 0.5% (points), 50ms, or 20% of stable.",
            (draft, worse) => draft with { WorseBy = worse }, "20% of stable")
        .Key("percentile", Choices.Of([.. Percentiles.Select(each => (each.Key, each.Percentile))]),
            "With compare: latency, which one.", (draft, percentile) => draft with { Percentile = percentile }, "p99")
        .Key("worse", Choices.Of(("higher", false), ("lower", true)),
            "With compare and from: which way is worse.", (draft, less) => draft with { LessIsWorse = less }, "higher")
        .Only("compare", "to", "worseBy", "percentile", "worse").Only("from", "worse");

    static MapShape<GateDraft> FromElsewhere(MapShape<GateDraft> gate) => gate
        .Key("from", Texts.Any, "The source that knows the metric: prometheus, http or command.",
            (draft, source) => draft with { From = source })
        .Key("query", Texts.Any, "What the source is asked: for Prometheus in its language, for a command its line.",
            (draft, query) => draft with { Query = query })
        .Key("of", Texts.Any,
            "What all events are counted with, when query counts the bad ones: a share then, judged like errors.",
            (draft, query) => draft with { Of = query })
        .Key("url", Texts.Any, "With from: http, the address that is asked.",
            (draft, url) => draft with { Url = url })
        .Key("path", Texts.Any, "With from: http, where in the JSON answer the number stands, like data.rate.",
            (draft, path) => draft with { Path = path })
        .Key("take", Choices.Of<Take>(), "With from: prometheus, what is made of the values in the window.",
            (draft, take) => draft with { Take = take }, "last")
        .Key("min", Numbers.Any, "With metric: the least that is well.", (draft, number) => draft with { Min = number })
        .Key("max", Numbers.Any, "With metric: the most that is well.", (draft, number) => draft with { Max = number })
        .Key("equals", Numbers.Any, "With metric: the value that is well.",
            (draft, number) => draft with { EqualTo = number })
        .Key("tolerance", Numbers.Any, "With equals: how far off is still well.",
            (draft, number) => draft with { Tolerance = number }, "0")
        .Only("metric", "min", "max", "equals", "tolerance").Only("equals", "tolerance")
        .Only("from", "query", "url", "path", "take", "of").Only("url", "path");

    static MapShape<GateDraft> Common(MapShape<GateDraft> gate) => gate
        .Key("name", Texts.Any, "What evidence and events call the gate; otherwise it is derived from the metric.",
            (draft, name) => draft with { Name = name })
        .Key("severity", Choices.Of<Severity>(), "Whether a broken gate turns the release back or only warns.",
            (draft, severity) => draft with { Spec = draft.Spec with { Severity = severity } }, "fail")
        .Key("dryRun", Numbers.YesNo, "Judged and shown, never acted on.",
            (draft, yes) => draft with { Spec = draft.Spec with { DryRun = yes } }, "false")
        .Key("for", Durations.Any, "A limit counts only when it has been broken for this long.",
            (draft, time) => draft with { Spec = draft.Spec with { For = time } }, "0s")
        .Key("window", Durations.Some, "The time that a limit looks back over.",
            (draft, time) => draft with { Spec = draft.Spec with { Window = time } }, "1m")
        .Key("warmUp", Durations.Any,
            "Nothing is counted for so long after the candidate has begun to answer, in each step.",
            (draft, time) => draft with { Spec = draft.Spec with { WarmUp = time } }, "0s")
        .Key("failures", Numbers.Whole(1, Limits.Measurements),
            "With a limit on a value: so many measurements in a row, of 20 s, must break it.",
            (draft, count) => draft with { Spec = draft.Spec with { Failures = count } })
        .Key("successes", Numbers.Whole(1, Limits.Measurements),
            "With a limit on a value: so many measurements in a row, of 20 s, must keep it to be harmless.",
            (draft, count) => draft with { Spec = draft.Spec with { Successes = count } })
        .Key("minRequests", Numbers.Whole(0, Limits.Requests), "With fewer requests the gate stays undecided.",
            (draft, count) => draft with { Spec = draft.Spec with { MinRequests = count } }, "100");

    static MapShape<LimitDraft> LimitOf(string name, Shape<double> value) => new MapShape<LimitDraft>(name, new())
        .Key("max", value, "The most that is well.", (limit, max) => limit with { Max = max })
        .Key("min", value, "The least that is well.", (limit, min) => limit with { Min = min })
        .Key("for", Durations.Any, "It counts only when it has been broken for this long.",
            (limit, time) => limit with { For = time })
        .Check((limit, places) =>
        {
            if (limit.Max is null && limit.Min is null)
                places.Wrong("max", $"\"{name}\" has no limit", Missing(name));
            Turned(name, limit, places);
            if (limit.Max < limit.Min) places.Wrong("min", "min is above max", "nothing could be well");
        });

    static string Missing(string name) => name switch
    {
        "successRate" or "availability" => "write min, like min: 99%",
        "errorRate" or "restarts" or "memoryGrowth" => "write max",
        _ => "write max or min",
    };

    /// <summary>
    /// Of most metrics one way only is harm: a limit the other way would be judged as something else.
    /// </summary>
    static void Turned(string name, LimitDraft limit, Places places)
    {
        var less = name switch
        {
            "errorRate" => "requests need not fail",
            "restarts" => "instances need not crash",
            "memoryGrowth" => "memory need not grow",
            _ => null,
        };
        if (limit.Min is not null && less is not null)
            places.Wrong("min", less, name == "errorRate" ? "write max, like max: 1%" : "write max");
        if (limit.Max is not null && name is ("successRate" or "availability"))
            places.Wrong("max", "no service answers too well", "write min, like min: 99%");
        if (name == "restarts" && limit.Max < 0) places.Wrong("max", "there are never fewer than none", "0 or more");
    }

    static MapShape<LatencyDraft> Latency()
    {
        var latency = new MapShape<LatencyDraft>("latency", new());
        foreach (var (key, percentile) in Percentiles)
            latency.Key(key, Durations.Latency, $"The most that is well for {key[1..]} % of the answers.",
                (draft, most) => draft.With(percentile, most));
        return latency
            .Key("for", Durations.Any, "It counts only when it has been broken for this long.",
                (draft, time) => draft with { For = time })
            .Check((draft, places) =>
            {
                if (draft.Rules.Count == 0) places.Wrong("p99", "\"latency\" has no limit", "like p99: 200ms");
            });
    }

    internal sealed record LimitDraft
    {
        public double? Max { get; init; }
        public double? Min { get; init; }
        public TimeSpan? For { get; init; }

        public GateRule Of(Metric metric) => new GateRule.Limit(metric, Max, Min);
    }

    internal sealed record LatencyDraft
    {
        public Seq<GateRule> Rules { get; init; } = [];
        public TimeSpan? For { get; init; }

        public LatencyDraft With(double percentile, TimeSpan most) => this with
        {
            Rules = Rules.Add(new GateRule.Limit(Metric.Latency, most.TotalSeconds, Percentile: percentile)),
        };
    }
}
