using Slipway.Client;

namespace Slipway.Screens;

/// <summary>One release with all that happened, and why.</summary>
internal static class ShowScreen
{
    public static string[] Lines(
        ReleaseReport release, IReadOnlyList<EventReport> events, DateTimeOffset now, int width, Terminal glyphs) =>
        [.. Rows(release, events, now, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(
        ReleaseReport r, IReadOnlyList<EventReport> events, DateTimeOffset now, int width, Terminal glyphs)
    {
        var zone = glyphs.Zone;
        var versions = r.From is { } from ? $"{from} {glyphs.Arrow} {r.To}" : r.To;
        var end = r.Ended is { } ended && r.Outcome is { } outcome
            ? $"{HistoryScreen.Result(outcome)} in {Clocks.Span(ended - r.Began)}"
            : "under way";
        string[] title = [$"release {r.Number}", $"{r.Service} {versions}", r.Strategy, r.Environment, end];
        foreach (var line in Wrap.Title(title, width)) yield return glyphs.Strong(line);
        yield return "";
        var by = r.By.Length > 0 ? $" by {r.By}" : "";
        var commit = r.Commit is { } id ? $", commit {id[..Math.Min(7, id.Length)]}" : "";
        var cause = r.Cause is { Length: > 0 } because ? $", \"{because}\"" : "";
        var started = $"{Clocks.When(r.Began, now, zone)}{by}{commit}{cause}";
        foreach (var line in Wrap.Hanging("  Started   ", started, width)) yield return line;
        if (r.Emergency is { } emergency)
            foreach (var line in Wrap.Hanging("  Emergency ", emergency, width)) yield return line;
        var why = r.Why.Length > 0 ? $": {r.Why}" : "";
        if (r.Ended is { } at)
            foreach (var line in Wrap.Hanging("  Ended     ", Clocks.Long(at, zone) + why, width)) yield return line;
        yield return "";
        var reasons = events.Max(e => (int?)e.Reason.Length) ?? 0;
        var room = Math.Max(30, width - 12 - reasons - 2);
        yield return $"  {"TIME",-8}  {"WHAT".PadRight(room)}  REASON";
        foreach (var e in events)
        {
            var first = true;
            foreach (var line in Wrap.Words(e.Text + By(e), room))
            {
                yield return first
                    ? $"  {Clocks.Long(e.At, zone)}  {line.PadRight(room)}  {e.Reason}"
                    : $"{"",12}{line}";
                first = false;
            }

            foreach (var line in e.Evidence is { } evidence ? Wrap.Words(evidence, room - 2) : [])
                yield return $"{"",14}{line}";
        }
    }

    /// <summary>Who has answered or intervened; who began it and who stopped it is said already.</summary>
    static string By(EventReport e) =>
        e is { Kind: "answered" or "promoted" or "held" or "resumed", By: not ("" or "slipway") }
            ? $", by {e.By}"
            : "";
}
