namespace Slipway.Gates;

/// <summary>Many streams, one chance of a false alarm.</summary>
static class Evidence
{
    /// <summary>More than anybody needs, and still a number when it is written down.</summary>
    public const double Most = 1e200;

    /// <summary>What is no number is no evidence: it may not hide that of others.</summary>
    public static double Known(double e) => double.IsNaN(e) ? 1 : Math.Min(e, Most);

    /// <summary>
    /// The weighted mean of e-values is one again, however they depend on each other: roll back when it reaches 1/α.
    /// </summary>
    public static double Combine(ReadOnlySpan<double> es, ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < es.Length; i++) sum += Known(es[i]) * weights[i];
        return sum;
    }

    /// <summary>
    /// Which streams to name (e-BH): the largest k for which the k-th largest evidence is at least n/(α·k). Of those
    /// named, at most the share α is named wrongly.
    /// </summary>
    public static int[] Named(ReadOnlySpan<double> es, double falseAlarm)
    {
        var values = es.ToArray();
        var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
        var k = order.Length;
        while (k > 0 && values[order[k - 1]] < values.Length / (falseAlarm * k)) k--;
        return [.. order.Take(k).Order()];
    }
}
