using Slipway.Client;

namespace Slipway.Screens;

/// <summary>What was released, newest first.</summary>
internal static class HistoryScreen
{
    public static string[] Lines(
        string service, IReadOnlyList<PastReport> all, DateTimeOffset now, int width, Terminal glyphs) =>
        [.. Rows(service, all, now, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(
        string service, IReadOnlyList<PastReport> all, DateTimeOffset now, int width, Terminal glyphs)
    {
        if (all.Count == 0)
        {
            yield return $"{service} has had no releases yet. Its first: slipway deploy {service} VERSION";
            yield break;
        }

        var table = new Columns(all.Max(past => $"{past.Number}".Length), width - 2);
        table.Add("WHEN", all.Select(past => Clocks.When(past.Began, now, glyphs.Zone)));
        table.Add("VERSION", all.Select(past =>
            past.From is { } from ? $"{from} {glyphs.Arrow} {past.To}" : past.To));
        table.Add("RESULT", all.Select(past => Kind(past) + Result(past)));
        table.Add("TOOK", all.Select(past => Clocks.Span(past.Ended - past.Began)));
        table.Add("BY", all.Select(past => past.By.Length > 0 ? past.By : "-"));
        table.Add("WHY", all.Select(past => Why(past)));
        table.Fit(narrowestLead: 2);
        yield return $"  {table.Header("NO")}";
        for (var i = 0; i < all.Count; i++)
            foreach (var line in table.Row($"{all[i].Number}", i))
                yield return $"{Mark(all[i], glyphs)} {line}";
        yield return "";
        foreach (var line in Wrap.Words(
            $"To go back: slipway undo {service} [--to VERSION or NO]. "
            + $"One release: slipway show {service}-{all[0].Number}", width)) yield return line;
    }

    static string Kind(PastReport past) => past.Kind is "first" or "deploy" ? "" : $"{past.Kind}, ";

    static string Why(PastReport past)
    {
        var told = past.Emergency is { } emergency ? $"emergency: {emergency}" : past.Cause ?? "-";
        var why = past.Why.Length > 0 ? past.Why : told;
        return why.Length <= 40 ? why : why[..39] + "…";
    }

    static string Mark(PastReport past, Terminal glyphs) => past.Outcome switch
    {
        _ when past.UndoneBy is not null => Glyphs.Undone(glyphs),
        "done" or "observed" => Glyphs.Done(glyphs),
        "doneWithFailures" => glyphs.Doubtful("!"),
        "rolledBack" => glyphs.Bad(Glyphs.Bad(glyphs)),
        _ => "-",
    };

    static string Result(PastReport past) =>
        Result(past.Outcome) + (past.UndoneBy is { } undo ? $", undone by {undo}" : "");

    public static string Result(string outcome) => outcome switch
    {
        "rolledBack" => "rolled back",
        "doneWithFailures" => "done with failures",
        "aborted" => "stopped",
        "superseded" => "replaced",
        "kept" => "not chosen",
        _ => outcome,
    };
}
