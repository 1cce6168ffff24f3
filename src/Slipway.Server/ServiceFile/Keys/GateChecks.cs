using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

/// <summary>What must hold between the keys of one gate.</summary>
internal static class GateChecks
{
    const string OfStable = "of stable";

    static readonly string[] Comparable =
        ["errorRate", "successRate", "availability", "latency", "throughput", "cpu", "memory"];

    public static readonly Shape<Worse> Worse = new ScalarShape<Worse>(
        "points like 0.5%, a time like 50ms, or a ratio like 20% of stable", """{ "type": ["string", "number"] }""",
            text =>
        {
            var isRatio = text.EndsWith(OfStable, StringComparison.Ordinal);
            var amount = isRatio ? text[..^OfStable.Length].TrimEnd() : text;
            var isPercent = amount.EndsWith('%');
            if (Numbers.TryParse(amount.TrimEnd('%').TrimEnd(), out var number) && (isPercent || !isRatio))
                return number <= 0
                    ? new(default, $"\"{text}\" is no room at all", "give some: no two sides are ever equal")
                    : isRatio ? new(new(Keys.Worse.Unit.Ratio, 1 + number / 100))
                    : isPercent ? new(new(Keys.Worse.Unit.Points, number / 100))
                    : new(new(Keys.Worse.Unit.Plain, number));
            return Durations.TryParse(text, out var time) && time > TimeSpan.Zero
                ? new(new(Keys.Worse.Unit.Seconds, time.TotalSeconds))
                : new(default, $"\"{text}\" says no difference");
        });

    public static void Check(GateDraft gate, Places places)
    {
        if (places.Has("for") && gate.BodyFor is { } inner && inner != gate.Spec.For)
            places.Wrong("for", "the gate says for twice, and not the same", "keep one of them");
        if (gate.Compare is not null) Comparing(gate, gate.Compare, places);
        if (gate.Custom is not null) Elsewhere(gate, places);
        if (gate.Spec is { Failures: 0, Successes: 0 } || gate.IsOfValue) Lasting(gate, places);
        else
            places.Wrong(gate.Spec.Failures > 0 ? "failures" : "successes", "only values are measured one by one",
                "leave it out: events are judged by the evidence of all of them");
        if (gate.From is not null && gate.Custom is null && gate.Compare is null)
            places.Wrong("from", "this metric is measured by Slipway itself",
                "leave out from and query, or write metric: NAME");
        else if (gate.From is not null) SourceChecks.Check(gate, places);
    }

    static void Comparing(GateDraft gate, string compare, Places places)
    {
        if (gate.Compared is not { } metric)
        {
            var near = Nearest.DidYouMean(compare, Comparable);
            places.Wrong("compare", $"\"{compare}\" is nothing that can be compared",
                near.Length > 0 ? near : $"one of {string.Join(", ", Comparable)}; or add from and query");
            return;
        }
        if (places.Has("percentile") && metric != Metric.Latency)
            places.Wrong("percentile", "only latency has percentiles", "leave it out");
        var worse = gate.WorseBy;
        if (worse.In == Keys.Worse.Unit.Ratio) return;
        var (unit, example) = metric switch
        {
            Metric.Latency => (Keys.Worse.Unit.Seconds, "50ms"),
            Metric.Throughput => (Keys.Worse.Unit.Plain, "10"),
            Metric.Custom => (worse.In, ""),
            _ => (Keys.Worse.Unit.Points, "0.5%"),
        };
        if (worse.In != unit)
            places.Wrong("worseBy", $"this does not measure {compare}", $"write it like {example}, or 20% of stable");
    }

    static void Lasting(GateDraft gate, Places places)
    {
        if (gate.Spec.Failures > 0 && (gate.BodyFor ?? gate.Spec.For) > TimeSpan.Zero)
            places.Wrong("failures", "failures and for say the same", "keep one of them");
    }

    static void Elsewhere(GateDraft gate, Places places)
    {
        if (string.IsNullOrWhiteSpace(gate.Custom))
            places.Wrong("metric", "a metric without a name", "give it one, like metric: completed-orders");
        else if (gate.From is null)
            places.Wrong("metric", $"nobody says where \"{gate.Custom}\" comes from",
                "add from: prometheus and query: \"…\"");
        else if (gate is { Min: null, Max: null, EqualTo: null })
            places.Wrong("metric", $"\"{gate.Custom}\" has no limit", "add min, max or equals");
        else if (gate.Min > gate.Max) places.Wrong("min", "min is above max", "nothing could be well");
        else if (gate.EqualTo is not null && (gate.Min ?? gate.Max) is not null)
            places.Wrong("equals", "equals excludes min and max", "tolerance gives it room");
        else if (gate.Of is not null && gate.EqualTo is not null)
            places.Wrong("equals", "a share of bad events has a most", "write max, like 0.01 for 1 %");
        else if (gate is { Of: not null, Min: not null, Max: not null })
            places.Wrong("min", "a share has one limit", "keep min or max");
        else if (gate.Of is not null && (gate.Max is <= 0 or >= 1 || gate.Min is <= 0 or >= 1))
            places.Wrong(gate.Max is not null ? "max" : "min", "a share is between 0 and 1", "like 0.01 for 1 %");
        else if (gate.Tolerance < 0) places.Wrong("tolerance", "a tolerance is not negative", "at least 0");
    }
}
