using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>From gates to witnesses: gates on the same events share one.</summary>
static class Witnesses
{
    public static List<Witness> Of(
        Seq<GateSpec> gates, StreamTerms terms, LatencyMemory stable, LatencyMemory candidate)
    {
        var made = new List<Witness>();
        foreach (var group in gates.GroupBy(gate => KindOf(MetricOf(gate))))
            switch (group.Key)
            {
                case Metric.ErrorRate or Metric.Availability:
                    made.Add(new CountWitness(group.Key, group, terms));
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
        Weigh(made);
        return made;
    }

    public static Metric MetricOf(GateSpec gate) => gate.Rule switch
    {
        GateRule.Limit rule => rule.Metric,
        GateRule.Compare rule => rule.Metric,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Errors and successes are the same events, seen from two sides.</summary>
    static Metric KindOf(Metric metric) => metric == Metric.SuccessRate ? Metric.ErrorRate : metric;

    /// <summary>
    /// The release's chance of a false alarm is shared by weights that sum to 1. Errors get half of it at least: they
    /// are what hurts most, and what can be found within seconds.
    /// </summary>
    static void Weigh(List<Witness> witnesses)
    {
        var acting = witnesses.Where(witness => witness.Acts).ToList();
        var errors = acting.Count(witness => witness.CountsErrors);
        var others = acting.Count - errors;
        foreach (var witness in acting)
            witness.Weight = errors == 0 || others == 0 || errors >= others
                ? 1.0 / acting.Count
                : .5 / (witness.CountsErrors ? errors : others);
    }
}
