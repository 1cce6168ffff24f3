using System.Diagnostics;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Strategies as people call them.</summary>
public static class StrategyNames
{
    /// <summary>What a release does: only a deploy goes by its strategy.</summary>
    public static string Of(RunKind kind, StrategySpec strategy) => kind switch
    {
        RunKind.First => "first deploy",
        RunKind.Deploy => Of(strategy),
        RunKind.Undo => "undo",
        RunKind.Restart => "restart",
        RunKind.Purge => "purge",
        RunKind.Remove => "removal",
        _ => throw new UnreachableException(),
    };

    public static string Of(Situation s) => s.IsFirst ? "first deploy" : Of(s.Spec.Strategy);

    public static string Of(StrategySpec strategy) => strategy switch
    {
        StrategySpec.Recreate => "recreate",
        StrategySpec.Rolling => "rolling",
        StrategySpec.BlueGreen => "blue-green",
        StrategySpec.Canary => "canary",
        StrategySpec.AbTest => "A/B test",
        StrategySpec.Shadow => "shadow",
        StrategySpec.ByHand => "steps by hand",
        _ => throw new UnreachableException(),
    };
}
