using Slipway.Client;

namespace Slipway.Screens;

/// <summary>All services in a line each; whoever needs somebody comes first.</summary>
internal static class StatusScreen
{
    public static string[] Lines(IReadOnlyList<ServiceReport> all, DateTimeOffset now, int width, Terminal glyphs) =>
        [.. Rows(all, now, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(
        IReadOnlyList<ServiceReport> all, DateTimeOffset now, int width, Terminal glyphs)
    {
        if (all.Count == 0)
        {
            yield return "No services yet. To add one: slipway up slipway.yaml";
            yield break;
        }

        var rows = all.OrderByDescending(s => s.Attention).ThenBy(s => s.Name, StringComparer.Ordinal).ToList();
        var table = new StatusTable(rows, width - 2, glyphs);
        yield return $"  {table.Header}";
        foreach (var row in rows)
        {
            var first = true;
            foreach (var line in table.Row(row))
            {
                yield return (first ? $"{Mark(row.Attention, glyphs)} " : "  ") + line;
                first = false;
            }
        }

        yield return "";
        var asking = rows.Where(s => s.Attention == Attention.Asks).ToList();
        yield return (all.Count == 1 ? "1 service." : $"{all.Count} services.") + asking switch
        {
            [] => "",
            [var one] when one.Release is { Mode: "approval" } run =>
                $" {one.Name} waits for you: slipway approve {one.Name}{ReleaseScreen.As(run)}",
            [var one] => $" {one.Name} waits for you: slipway status {one.Name}",
            _ => $" {asking.Count} wait for you.",
        };
        foreach (var notice in rows.Select(s => s.Notice).OfType<string>().Distinct(StringComparer.Ordinal))
            foreach (var line in Wrap.Words(notice, width))
                yield return glyphs.Doubtful(line);
    }

    static string Mark(Attention attention, Terminal glyphs) => attention switch
    {
        Attention.Asks => glyphs.Doubtful("?"),
        Attention.Watch => glyphs.Doubtful("!"),
        Attention.Moving => Glyphs.Now(glyphs),
        _ => Glyphs.Done(glyphs),
    };

    public static string Version(ServiceReport s, Terminal glyphs) => s.Release is { } run && run.To != s.Version
        ? s.Version is null ? $"{glyphs.Arrow} {run.To}" : $"{s.Version} {glyphs.Arrow} {run.To}"
        : s.Version ?? "-";

    public static string Undo(UndoReport undo, Terminal glyphs) => undo switch
    {
        { Version: null } => "-",
        { AtOnce: true, AtOnceUntil: { } until } => $"at once until {Clocks.Short(until, glyphs.Zone)}",
        { AtOnce: true } => "at once",
        _ => $"about {undo.ThenSeconds:0} s",
    };
}
