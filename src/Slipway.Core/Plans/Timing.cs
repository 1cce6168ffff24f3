using System.Globalization;

namespace Slipway.Plans;

public enum Certainty { Exact, About, AtMost }

/// <summary>A time, and how sure it is. Forecasts have a tilde.</summary>
public sealed record Timing(TimeSpan Time, Certainty Is)
{
    public static readonly Timing AtOnce = new(TimeSpan.Zero, Certainty.Exact);
    public static Timing Exactly(TimeSpan time) => new(time, Certainty.Exact);
    public static Timing About(TimeSpan time) => time == TimeSpan.Zero ? AtOnce : new(time, Certainty.About);
    public static Timing AtMost(TimeSpan time) => new(time, Certainty.AtMost);

    public override string ToString() => this switch
    {
        { Time.Ticks: 0 } => "at once",
        { Is: Certainty.About } => $"~{Text(Time)}",
        { Is: Certainty.AtMost } => $"{Text(Time)} max",
        _ => Text(Time),
    };

    /// <summary>Two units at most: 20 min 40 s, 2 h 05 min, 7 d.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{Math.Round(time.TotalMilliseconds)} ms",
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalSeconds: < 59.5 } => $"{Math.Round(time.TotalSeconds)} s",
        { TotalMinutes: < 59.5 } => Two(time.TotalSeconds, 60, "min", "s"),
        { TotalHours: < 48 } => Two(time.TotalMinutes, 60, "h", "min"),
        _ => Two(time.TotalHours, 24, "d", "h"),
    };

    /// <summary>A forecast has two digits that matter: beyond a few minutes the seconds would be invented.</summary>
    public static string Rounded(TimeSpan time) => time switch
    {
        { TotalSeconds: < 99.5 } => $"{Math.Max(1, Math.Round(time.TotalSeconds))} s",
        { TotalMinutes: < 99.5 } => $"{Math.Round(time.TotalMinutes)} min",
        { TotalHours: < 48 } => $"{Math.Round(time.TotalHours)} h",
        _ => $"{Math.Round(time.TotalDays)} d",
    };

    /// <summary>In the largest unit that makes it a number a person can grasp: 100/s, 3/min, 20/h.</summary>
    public static string Rate(double perSecond, string what = "") => perSecond switch
    {
        >= 1 => Rate(perSecond, what, "s"),
        >= 1 / 60.0 => Rate(perSecond * 60, what, "min"),
        _ => Rate(perSecond * 3600, what, "h"),
    };

    static string Rate(double count, string what, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0.##}{what}/{unit}");

    static string Two(double small, int perBig, string big, string little)
    {
        var (whole, rest) = Math.DivRem((long)Math.Round(small), perBig);
        return rest == 0 ? $"{whole} {big}" : $"{whole} {big} {rest:00} {little}";
    }
}
