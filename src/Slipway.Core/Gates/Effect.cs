namespace Slipway.Gates;

/// <summary>How much worse, at least: what the counts of a release prove about the size of a harm.</summary>
static class Effect
{
    const int Halvings = 60;

    /// <summary>
    /// The largest r for which "at most r times as bad as stable" is refuted by the counts of all steps; null when
    /// not even "not worse" is. A bound, not an estimate: it holds whenever it is looked at.
    /// </summary>
    public static double? AtLeast(ReadOnlySpan<Counts> steps, double falseAlarm)
    {
        if (!Refuted(steps, 1, falseAlarm)) return null;
        var low = 1.0;
        while (low * 2 < 1e6 && Refuted(steps, low * 2, falseAlarm)) low *= 2;
        var high = low * 2;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Refuted(steps, middle, falseAlarm)) low = middle;
            else high = middle;
        }
        return low;
    }

    static bool Refuted(ReadOnlySpan<Counts> steps, double ratio, double falseAlarm)
    {
        var bets = Bets.Harm;
        Span<double> logs = stackalloc double[bets.Ratios.Length];
        var top = double.NegativeInfinity;
        for (var j = 0; j < logs.Length; j++)
        {
            logs[j] = Math.Log(bets.Shares[j]);
            foreach (ref readonly var x in steps)
                logs[j] += Stake.LogFactor(
                    Stake.Of(bets.Ratios[j], .5 / ratio, ratio, 0, x.Candidate, x.Stable), x, ratio, 0);
            top = Math.Max(top, logs[j]);
        }
        var sum = 0.0;
        foreach (var log in logs) sum += Math.Exp(log - top);
        return top + Math.Log(sum) >= -Math.Log(falseAlarm);
    }
}
