using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>From gates to witnesses: gates on the same events share one.</summary>
static class Witnesses
{
    public static List<Witness> Of(
        Seq<GateSpec> gates, StreamTerms terms, LatencyMemory stable, LatencyMemory candidate)
    {
        var weight = Weights(gates);
        terms = terms with { Weight = weight.Errors > 0 ? weight.Errors : 1 };
        var made = new List<Witness>();
        foreach (var group in gates.GroupBy(gate => KindOf(MetricOf(gate))))
            switch (group.Key)
            {
                case Metric.ErrorRate or Metric.Availability:
                    made.Add(new CountWitness(group.Key, group.ToList(), terms));
                    break;
                case Metric.Custom:
                    made.AddRange(group.Where(IsCounted)
                        .GroupBy(gate => gate.Source!.Name, StringComparer.Ordinal)
                        .Select(each => new CountWitness(Metric.Custom, each.ToList(), terms with { Exact = false })));
                    made.AddRange(group.Where(gate => !IsCounted(gate)).Select(gate => new MeanWitness(gate)));
                    break;
                case Metric.MemoryGrowth:
                    made.AddRange(group.Select(gate => new GrowthWitness(gate)));
                    break;
                case Metric.Latency:
                    made.AddRange(group.Select(gate => new LatencyWitness(gate, terms, stable, candidate)));
                    break;
                case Metric.Restarts:
                    made.AddRange(group.Select(gate => new RestartWitness(gate, terms.FalseAlarm)));
                    break;
                default:
                    made.AddRange(group.Select(gate => new MeanWitness(gate)));
                    break;
            }
        foreach (var witness in made)
            if (witness.Acts) witness.Weight = witness.CountsErrors ? weight.Errors : weight.Others;
        return made;
    }

    public static Metric MetricOf(GateSpec gate) => gate.Rule switch
    {
        GateRule.Limit rule => rule.Metric,
        GateRule.Compare rule => rule.Metric,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A share of events that another system counts, and not a value.</summary>
    public static bool IsCounted(GateSpec gate) => gate.Source?.Of is not null;

    /// <summary>Errors and successes are the same events, seen from two sides.</summary>
    static Metric KindOf(Metric metric) => metric == Metric.SuccessRate ? Metric.ErrorRate : metric;

    /// <summary>
    /// The release's chance of a false alarm is shared by weights that sum to 1. Errors get most of it: they are what
    /// hurts most, and what can be found within seconds; at least as much as their number.
    /// </summary>
    static (double Errors, double Others) Weights(Seq<GateSpec> gates)
    {
        var acting = gates.Where(gate => gate is { Severity: Severity.Fail, DryRun: false })
            .Select(gate => KindOf(MetricOf(gate))).ToList();
        var errors = acting.Where(CountsErrors).Distinct().Count();
        var others = acting.Count(kind => !CountsErrors(kind));
        if (errors == 0 || others == 0) return (1.0 / Math.Max(1, errors), 1.0 / Math.Max(1, others));
        var part = Math.Max(Levels.ErrorsWeight, errors / (double)(errors + others));
        return (part / errors, (1 - part) / others);
    }

    /// <summary>The weight of the witness that a gate leans on; 0 when it doesn't act.</summary>
    public static double WeightOf(GateSpec gate, Seq<GateSpec> gates)
    {
        if (gate is not { Severity: Severity.Fail, DryRun: false }) return 0;
        var weight = Weights(gates);
        return CountsErrors(KindOf(MetricOf(gate))) ? weight.Errors : weight.Others;
    }

    static bool CountsErrors(Metric kind) => kind is Metric.ErrorRate or Metric.Availability;
}
