using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gates;

/// <summary>Detection times of cpu, memory and other means.</summary>
static class MeanDetection
{
    /// <summary>Four of five cases are luckier than a t statistic that is this much smaller.</summary>
    const double Unlucky = .84;

    /// <summary>The number of blocks after which an effect of this size is evidence enough, on average.</summary>
    public static DetectionTime? Time(Suspicion q)
    {
        var (worse, points, scale) = q.Gate.Rule switch
        {
            // Within the limit itself, stable is no measure of what is tolerated: worse is worse.
            GateRule.Limit rule => (0, 0.0, Scale.Of(rule)),
            GateRule.Compare rule => (Math.Max(0, rule.Ratio - 1), rule.WorseBy, Scale.Of(rule)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var (s, c) = (scale.Turn(q.Base), scale.Turn(q.Bad));
        if (c <= scale.Limit || q.Share == Share.None) return null;
        var level = Math.Max(Math.Abs(s), Math.Abs(scale.Limit ?? 0));
        var size = (c - s - worse * level - points) / (Math.Sqrt(2) * q.Noise * Math.Abs(q.Base));
        var goal = 1 / (q.FalseAlarm * q.Weight);
        if (BlocksFor(size, 0) is not { } about) return null;
        return new(Detection.Seconds(about), BlocksFor(size, Unlucky) is { } most ? Detection.Seconds(most) : null);

        double? BlocksFor(double effect, double unlucky)
        {
            for (var n = 5; n <= q.Within.TotalSeconds / Levels.MeanBlock; n++)
                if (effect * Math.Sqrt(n) - unlucky is > 0 and var t && Mean.TFactor(n, t) >= goal)
                    return n * Levels.MeanBlock;
            return null;
        }
    }
}
