namespace Slipway.Gates;

/// <summary>
/// How far a mean may be from what was seen of it, whenever that is looked at: the asymptotic confidence sequence of
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory" (Annals of Statistics, 2024).
/// </summary>
static class MeanInterval
{
    /// <summary>The number of values at which the interval is to be tightest.</summary>
    public const double Sharpest = 15;

    /// <summary>Half of the interval's width.</summary>
    public static double Radius(double count, double deviation, double falseAlarm, double sharpest = Sharpest)
    {
        var log = -2 * Math.Log(falseAlarm);
        var prior = (log + Math.Log(log) + 1) / sharpest;
        var grown = count * prior + 1;
        return deviation * Math.Sqrt(
            2 * grown / (count * count * prior) * Math.Log(Math.Sqrt(grown) / falseAlarm));
    }
}
