using System.Globalization;
using Slipway.Plans;

namespace Slipway.Screens;

/// <summary>Times as people say them, in their own zone.</summary>
internal static class Clocks
{
    public static string Short(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Long(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"today 14:02", "Nov 19 16:44", "Nov 19 2025".</summary>
    public static string When(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (then, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone));
        return then.Date == today.Date ? $"today {Short(at, zone)}"
            : then.ToString(then.Year == today.Year ? "MMM dd HH:mm" : "MMM dd yyyy", CultureInfo.InvariantCulture);
    }

    public static string Span(TimeSpan span) => Timing.Text(span < TimeSpan.Zero ? TimeSpan.Zero : span);
}
