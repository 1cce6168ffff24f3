namespace Slipway.Screens;

/// <summary>Measured values, as exact as anybody can use them.</summary>
internal static class Figures
{
    public static string Rate(double perSecond) => perSecond >= 1_000 ? $"{perSecond:n0}" : $"{perSecond:0.0}";

    public static string Percent(double percent) => percent is > 0 and < 0.1 ? "< 0.1 %" : $"{percent:0.0} %";

    public static string Milliseconds(double ms) => ms switch
    {
        < 10 => $"{ms:0.0} ms",
        < 1_000 => $"{ms:0} ms",
        _ => $"{ms / 1_000:0.0} s",
    };
}
