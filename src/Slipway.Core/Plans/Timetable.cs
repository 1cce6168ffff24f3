using System.Globalization;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>When changes may begin, by the windows of a slipway.yaml and the clocks that they name.</summary>
public static class Timetable
{
    /// <summary>A week and a day: what does not open in it never does.</summary>
    static readonly TimeSpan Horizon = TimeSpan.FromDays(8);

    /// <summary>Why nothing may begin now; empty when something may.</summary>
    public static Seq<string> Closed(Seq<ChangeWindow> windows, DateTimeOffset now) =>
        windows.Count == 0 ? [] : Reasons(windows, now).ToSeq();

    /// <summary>The next time when something may begin, as people there read it; null when there is none.</summary>
    public static string? Opens(Seq<ChangeWindow> windows, DateTimeOffset now)
    {
        var zones = windows.Select(Zone).ToArray();
        // Windows begin and end at whole minutes, and clocks are put forward or back at one.
        var first = now.AddTicks(TimeSpan.TicksPerMinute - now.Ticks % TimeSpan.TicksPerMinute);
        for (var at = first; at <= now + Horizon; at = at.AddMinutes(1))
            if (IsOpen(windows, zones, at)) return Clock(windows[0], at);
        return null;
    }

    static bool IsOpen(Seq<ChangeWindow> windows, TimeZoneInfo[] zones, DateTimeOffset at)
    {
        var (wanted, within) = (false, false);
        for (var i = 0; i < windows.Count; i++)
        {
            var contains = windows[i].Contains(TimeZoneInfo.ConvertTime(at, zones[i]).DateTime);
            if (windows[i].Kind == WindowKind.Avoid && contains) return false;
            if (windows[i].Kind == WindowKind.Only) (wanted, within) = (true, within || contains);
        }

        return !wanted || within;
    }

    static IEnumerable<string> Reasons(Seq<ChangeWindow> windows, DateTimeOffset now)
    {
        var avoid = windows.Where(window => window.Kind == WindowKind.Avoid);
        foreach (var window in avoid.Where(window => window.Contains(Local(window, now))))
            yield return $"It is {Day(window, now)}, a time to avoid ({Hours(window)}){Why(window)}.";
        var only = windows.Where(window => window.Kind == WindowKind.Only).ToList();
        if (only.Count > 0 && !only.Exists(window => window.Contains(Local(window, now))))
        {
            var times = string.Join(" or ", only.Select(Hours));
            yield return $"It is {Day(only[0], now)}; releases may begin {times} only{Why(only[0])}.";
        }
    }

    static DateTime Local(ChangeWindow window, DateTimeOffset now) =>
        TimeZoneInfo.ConvertTime(now, Zone(window)).DateTime;

    static TimeZoneInfo Zone(ChangeWindow window) => TimeZoneInfo.FindSystemTimeZoneById(window.Zone);

    static string Day(ChangeWindow window, DateTimeOffset now)
    {
        var local = Local(window, now);
        return $"{local.DayOfWeek} {local:HH:mm} in {window.Zone}";
    }

    static string Clock(ChangeWindow window, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"{Local(window, at):ddd yyyy-MM-dd HH:mm} in {window.Zone}");

    static string Hours(ChangeWindow window)
    {
        var days = window.Days.Count == 0 ? "daily" : string.Join(", ", window.Days.Select(day => day.ToString()[..3]));
        return window.From == window.To ? days : $"{days} {window.From:HH:mm}-{window.To:HH:mm}";
    }

    static string Why(ChangeWindow window) => window.Why is { Length: > 0 } why ? $": {why.TrimEnd('.')}" : "";
}
