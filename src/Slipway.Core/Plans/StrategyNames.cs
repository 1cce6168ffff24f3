using System.Diagnostics;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Strategies as people call them.</summary>
static class StrategyNames
{
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
