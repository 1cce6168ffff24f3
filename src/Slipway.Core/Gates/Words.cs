using System.Globalization;

namespace Slipway.Gates;

/// <summary>
/// Numbers as people read them: two digits that matter, thousands with a comma, whatever the machine's culture.
/// </summary>
static class Words
{
    static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(double count) => count.ToString("#,0", Culture);

    public static string Percent(double fraction) => Number(100 * fraction) + " %";

    /// <summary>A share that should be whole: the distance to it is what matters, so 99.92 %.</summary>
    public static string PercentGood(double fraction) => fraction is > .9 and < 1
        ? (100 * fraction).ToString(1 - fraction < .01 ? "0.00" : "0.0", Culture) + " %"
        : Percent(fraction);

    public static string Points(double fraction) => Number(100 * fraction) + " points";

    public static string Number(double value)
    {
        var size = Math.Abs(value);
        if (size == 0) return "0";
        if (size >= 1000) return Count(value);
        if (size >= 10) return value.ToString("0", Culture);
        var digits = 1 - (int)Math.Floor(Math.Log10(size));
        return Math.Round(value, Math.Min(digits, 12)).ToString("0.############", Culture);
    }

    /// <summary>Rounded down: "at least 6 times" must stay true.</summary>
    public static string AtLeast(double ratio) => ratio switch
    {
        < 3 => (Math.Floor(ratio * 10) / 10).ToString("0.#", Culture),
        < 100 => Math.Floor(ratio).ToString("0", Culture),
        _ => Count(Math.Floor(ratio / 10) * 10),
    };

    public static string Milliseconds(double ms) => ms >= 10_000 ? Number(ms / 1000) + " s" : Number3(ms) + " ms";

    public static string Duration(double seconds) => seconds switch
    {
        < 99.5 => Math.Max(1, Math.Round(seconds)).ToString("0", Culture) + " s",
        < 5970 => Math.Round(seconds / 60).ToString("0", Culture) + " min",
        _ => (seconds / 3600).ToString("0.#", Culture) + " h",
    };

    /// <summary>Latencies are known to 2 %: a third digit would be invented beyond a hundred only.</summary>
    static string Number3(double ms) => ms >= 100 ? Count(Math.Round(ms)) : Number(ms);
}
