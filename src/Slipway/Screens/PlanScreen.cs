using Slipway.Plans;
using Slipway.Routing;

namespace Slipway.Screens;

/// <summary>What a release would do, step by step; what the gates would find; what it costs.</summary>
internal static class PlanScreen
{
    const string Undo = "To undo it";
    const int Wide = 110, Roomy = 72;

    /// <summary>Narrower than this the sentences would fall apart: the column beside them is dropped first.</summary>
    const int NarrowestStep = 34;

    public static string[] Lines(Forecast forecast, int width, Terminal glyphs) =>
        [.. All(forecast, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> All(Forecast forecast, int width, Terminal glyphs) =>
    [
        Title(forecast, glyphs),
        "",
        .. Steps(forecast, width),
        "",
        .. Findings(forecast.Findings, width),
        .. Summary(forecast).SelectMany(row => Wrap.Hanging($"  {row.Label,-10}  ", row.Text, width)),
        "",
        .. Remarks(forecast, width, glyphs),
        .. Wrap.Hanging("", $"Nothing was changed. To do it: slipway deploy {forecast.Service} {forecast.To}", width),
    ];

    static string Title(Forecast forecast, Terminal glyphs)
    {
        var versions = forecast.From is { } from ? $"{from} {glyphs.Arrow} {forecast.To}" : forecast.To;
        return glyphs.Strong($"{forecast.Service} {versions}") + $"   {forecast.Strategy}   {forecast.Environment}";
    }

    static IEnumerable<string> Steps(Forecast forecast, int width)
    {
        var rows = forecast.Tail is { } tail ? forecast.Rows.Append(tail).ToList() : [.. forecast.Rows];
        var wide = width >= Wide;
        var table = new Columns(rows.Max(row => row.Text.Length), width - 5);
        table.Add("Takes", rows.Select(row => row.Takes.ToString()));
        table.Add(Undo, rows.Select(row => wide && IsShare(row.Undo) ? $"back {row.Undo}" : row.Undo));
        if (wide && rows.Exists(row => row.Watched.Length > 0))
            table.Add("Watched meanwhile", rows.Select(row => row.Watched));
        table.Fit(NarrowestStep);

        yield return $"  #  {table.Header("Step")}";
        for (var i = 0; i < rows.Count; i++)
        {
            var first = true;
            foreach (var line in table.Row(rows[i].Text, i))
            {
                yield return (first ? $"{rows[i].Number,3}  " : "     ") + line;
                first = false;
            }
        }

        if (!table.Has(Undo)) yield return "     A wider window also shows how each step is undone.";
    }

    static bool IsShare(string undo) => undo.StartsWith("to ", StringComparison.Ordinal);

    static IEnumerable<string> Findings(Findings findings, int width)
    {
        if (findings.Rows.Count > 0)
        {
            var title = $"What the gates find, and how soon ({Traffic(findings)})";
            foreach (var line in Wrap.Hanging("", title, width).Concat(Table(findings, width))) yield return line;
        }

        var below = Below(findings).SelectMany(text => Wrap.Hanging("  ", text, width)).ToList();
        foreach (var line in below) yield return line;
        if (findings.Rows.Count + below.Count > 0) yield return "";
    }

    static IEnumerable<string> Table(Findings findings, int width)
    {
        var table = new Columns(Math.Max(width < Roomy ? 0 : 43, findings.Rows.Max(row => row.Text.Length)), width - 2);
        for (var c = 0; c < findings.Columns.Count; c++)
        {
            var column = c;
            var cells = findings.Rows.Select(row => row.After[column] is { } after ? Timing.Rounded(after) : "no");
            table.Add(findings.Columns[c].Text, cells, least: 7);
        }
        table.Fit(findings.Rows.Max(row => row.Text.Length));
        yield return $"  {table.Header("")}";
        for (var i = 0; i < findings.Rows.Count; i++)
            foreach (var line in table.Row(findings.Rows[i].Text, i)) yield return $"  {line}";
        var hidden = findings.Shares.Where(share => !table.Has(share)).ToList();
        if (hidden.Count == 0) yield break;
        foreach (var line in Wrap.Hanging("  ", $"not shown: {string.Join(", ", hidden)}", width)) yield return line;
    }

    static IEnumerable<string> Below(Findings findings)
    {
        if (findings.AddsUp)
            yield return "steps of less than a minute: proof adds up from one to the next, and after the release";
        if (findings.AlsoWatched.Count > 0)
            yield return $"watched{(findings.Rows.Count > 0 ? " too" : "")}, with no forecast: "
                + string.Join(", ", findings.AlsoWatched);
    }

    public static string Traffic(Findings findings)
    {
        var rate = Timing.Rate(findings.RequestsPerSecond, " requests");
        return findings.TrafficFrom switch
        {
            TrafficFrom.Assumed => $"{rate} assumed, yours: --traffic",
            TrafficFrom.Asked => $"{rate}, as in --traffic",
            _ => $"{rate}, as in the last hour",
        };
    }

    static IEnumerable<(string Label, string Text)> Summary(Forecast forecast)
    {
        yield return ("Time", Time(forecast));
        yield return ("Instances", forecast.Instances);
        if (forecast.Downtime > TimeSpan.Zero)
        {
            var ends = forecast.Downtime < forecast.HeldAtMost ? "none fails" : "those that wait longer fail";
            var wait = $"wait ~{Timing.Text(forecast.Downtime)}, {Timing.Text(forecast.HeldAtMost)} at most";
            yield return ("Requests", $"{wait}; {ends}");
        }
        if (forecast.Who is { } who) yield return ("Who", who);
        yield return ("Going back", forecast.Back.Text);
    }

    static string Time(Forecast forecast)
    {
        var people = string.Concat(forecast.WaitsFor.Select(what => $" and {what}"));
        var haste = forecast.WithHaste is { } hasty && hasty < forecast.Scheduled / 2
            ? $"; {Timing.Rounded(hasty)} at least with pace: asap"
            : forecast.Shortest < forecast.Scheduled
                ? $"; {Timing.Rounded(forecast.Shortest)} at least, with harmlessness proven early"
                : "";
        var about = forecast.Scheduled.TotalSeconds < 90 ? "~" : "";
        return $"{about}{Timing.Rounded(forecast.Scheduled)}{people}{haste}";
    }

    static IEnumerable<string> Remarks(Forecast forecast, int width, Terminal glyphs)
    {
        foreach (var line in forecast.Warnings.SelectMany(warning => Wrap.Hanging("! ", warning, width)))
            yield return line.StartsWith('!') ? glyphs.Doubtful("!") + line[1..] : line;
        foreach (var line in forecast.Notes.SelectMany(note => Wrap.Hanging("  ", note, width))) yield return line;
        if (forecast.Warnings.Count + forecast.Notes.Count > 0) yield return "";
    }
}
