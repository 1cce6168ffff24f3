using Slipway.Client;

namespace Slipway.Screens;

/// <summary>Both versions of a release side by side: what they are asked, and how they answer.</summary>
internal static class SidesTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<SideReport> sides, int width, Terminal glyphs)
    {
        string[] labels = ["", "requests/s", "errors", "p50, p99", "instances"];
        var columns = sides.Select(Column).ToList();
        var measured = sides.Any(side => side.Traffic is not null);
        for (var row = 0; row < labels.Length; row++)
        {
            if (!measured && row is > 0 and < 4) continue;
            var line = $" {labels[row],-10}" + string.Concat(columns.Select(column =>
                "  " + column[row].PadLeft(column.Max(cell => cell.Length))));
            yield return row == 0 ? glyphs.Muted(line) : line.Length <= width ? line : line[..width];
        }
    }

    static string[] Column(SideReport side) =>
    [
        $"{side.Version} {(side.Role == "candidate" ? "new" : side.Role)}",
        side.Traffic is { } traffic ? Figures.Rate(traffic.RequestsPerSecond) : "-",
        side.Traffic?.ErrorPercent is { } errors ? Figures.Percent(errors) : "-",
        side.Traffic is { P50Ms: { } half, P99Ms: { } most }
            ? $"{Figures.Milliseconds(half)} {Figures.Milliseconds(most)}"
            : "-",
        side.Ready == side.Size ? $"{side.Ready} ready" : $"{side.Ready} of {side.Size} ready",
    ];
}
