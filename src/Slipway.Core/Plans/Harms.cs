using Slipway.Gates;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>
/// The harms that a forecast asks about. What is not measured yet is assumed: 0.1 % errors, latencies of a common
/// spread, and a stable version that keeps its limits with room to spare.
/// </summary>
static class Harms
{
    const double FewErrors = .001;

    /// <summary>The spread of the logarithm of latencies, as many services have it.</summary>
    const double Spread = .8;

    /// <summary>Beyond this ratio the latency gates call an answer slower.</summary>
    const double Slower = 1.2;

    /// <summary>What a limit leaves: stable's figure is this part of it, the bad one that part.</summary>
    const double RoomBelow = .6, BeyondLimit = 1.5;

    public static Harm ErrorsAt(Seq<GateSpec> gates, double bad, HarmKind kind = HarmKind.Errors) => new(
        kind,
        $"errors: {Words.Percent(bad)} instead of {Words.Percent(FewErrors)}", $"{Words.Percent(bad)} errors",
        gates.Where(CountsErrors).Select(gate => new Sight(gate, FewErrors, bad)).ToSeq());

    public static Seq<Harm> Of(Seq<GateSpec> all)
    {
        var gates = all.Where(gate => gate is { Severity: Severity.Fail, DryRun: false }).ToSeq();
        return
        [
            .. gates.Any(CountsErrors) ? Errors(gates) : [],
            .. gates.Where(gate => MetricOf(gate) == Metric.Latency).Select(Latency),
            .. gates.Where(gate => MetricOf(gate) is Metric.Cpu or Metric.Memory).Select(Level).OfType<Harm>(),
        ];
    }

    static Harm[] Errors(Seq<GateSpec> gates) =>
        [ErrorsAt(gates, .5, HarmKind.Outage), ErrorsAt(gates, .05), ErrorsAt(gates, .01, HarmKind.FewErrors)];

    public static Metric MetricOf(GateSpec gate) => Witnesses.MetricOf(gate);

    public static bool CountsErrors(GateSpec gate) =>
        MetricOf(gate) is Metric.ErrorRate or Metric.SuccessRate or Metric.Availability;

    static Harm Latency(GateSpec gate)
    {
        var percentile = LatencyWitness.PercentileOf(gate);
        var name = $"p{percentile * 100:0.##}";
        if (gate.Rule is not GateRule.Limit { Max: { } limit })
        {
            var twice = new Sight(gate, 1 - percentile, Beyond(percentile, Slower / 2));
            return new(HarmKind.Latency, $"{name}: twice as slow", name, [twice]);
        }
        var (before, after) = (limit * RoomBelow, limit * BeyondLimit);
        return new(
            HarmKind.Latency,
            $"{name}: {Words.Milliseconds(after * 1000)} instead of {Words.Milliseconds(before * 1000)}",
            name,
            [new(gate, Beyond(percentile, 1 / RoomBelow), Beyond(percentile, 1 / BeyondLimit))]);
    }

    static Harm? Level(GateSpec gate)
    {
        if (gate.Rule is GateRule.Compare)
            return new(HarmKind.Level, $"{gate.Name}: half as much again", gate.Name, [new(gate, .5, .75)]);
        if (gate.Rule is not GateRule.Limit { Max: { } limit }) return null;
        var (before, after) = (limit * RoomBelow, Math.Min(limit * 1.15, (1 + limit) / 2));
        var name = MetricOf(gate) == Metric.Cpu ? "cpu" : "memory";
        var text = $"{name}: {Whole(after)} instead of {Whole(before)}";
        return new(HarmKind.Level, text, name, [new(gate, before, after)]);
    }

    static string Whole(double fraction) => $"{Math.Round(100 * fraction):0} %";

    /// <summary>The part of the answers that take longer than <paramref name="factor"/> times the percentile.</summary>
    static double Beyond(double percentile, double factor) =>
        Tail(Quantile(percentile) + Math.Log(factor) / Spread);

    /// <summary>The normal distribution's upper tail, by the approximation of Zelen and Severo.</summary>
    static double Tail(double z)
    {
        if (z < 0) return 1 - Tail(-z);
        var t = 1 / (1 + .2316419 * z);
        var series = t * (.319381530 + t * (-.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return series * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }

    static double Quantile(double p)
    {
        var (low, high) = (-8.0, 8.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Tail(middle) > 1 - p ? (middle, high) : (low, middle);
        }
        return low;
    }
}
