using Slipway.Plans;
using Slipway.Specification;

namespace Slipway.ServiceFile;

/// <summary>What must hold between parts of the file that stand far from each other.</summary>
internal static class CrossChecks
{
    public static void Ask(ServiceSpec spec, Outline file)
    {
        if (spec.Strategy is StrategySpec.ByHand byHand) NamedChecksAreThere(spec, byHand, file);
        if (spec.Runtime is RuntimeSpec.Process process) PortsSuffice(spec, process, file);
    }

    /// <summary>What the compiler and the check of plans refuse is no valid file.</summary>
    public static void AskThePlan(ServiceSpec spec, Outline file)
    {
        string[] strategy = spec.Strategy is StrategySpec.ByHand ? ["strategy", "steps"] : ["strategy"];
        try
        {
            var upgrade = Situation.Upgrade(spec, "the old version", "the new version");
            foreach (var problem in Forecaster.Problems(upgrade))
                file.Wrong(strategy, $"its plan cannot be carried out: {problem}");
        }
        catch (PlanException e)
        {
            file.Wrong(strategy, e.Message);
        }
    }

    static void NamedChecksAreThere(ServiceSpec spec, StrategySpec.ByHand byHand, Outline file)
    {
        for (var i = 0; i < byHand.Steps.Count; i++)
            if (byHand.Steps[i] is HandStep.Check { Name: var name }
                && (name == "smoke" ? spec.Checks.Smoke : spec.Checks.BeforePromote).Count == 0)
                file.Wrong(["strategy", "steps", $"{i}"], $"there are no {name} checks",
                    $"add checks: {{ {name}: [ … ] }}");
    }

    /// <summary>Two fleets live side by side in most releases, and a warm one may be left from the last.</summary>
    static void PortsSuffice(ServiceSpec spec, RuntimeSpec.Process process, Outline file)
    {
        var ports = process.Ports.Last - process.Ports.First + 1;
        if (ports < 3 * spec.Replicas)
            file.Wrong(["runtime", "process", "ports"], $"{ports} ports are too few for {spec.Replicas} replicas",
                $"at least {3 * spec.Replicas}: old, new and warm instances");
    }
}
