using Slipway.Client;

namespace Slipway.Screens;

/// <summary>
/// A release under way: what is done and to come, who has how much of the traffic, what the gates say.
/// </summary>
internal static class ReleaseScreen
{
    const int StepsShown = 5;

    public static string[] Lines(ReleaseReport r, DateTimeOffset now, int width, Terminal glyphs) =>
        [.. Rows(r, now, Math.Min(width, 100), glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(ReleaseReport r, DateTimeOffset now, int width, Terminal glyphs)
    {
        yield return Title(r, now, width, glyphs);
        yield return "";
        foreach (var line in Steps(r, now, width, glyphs)) yield return line;
        yield return "";
        foreach (var line in Bars(r, width, glyphs)) yield return line;
        if (r.Sides.Count > 0) yield return "";
        foreach (var line in SidesTable.Lines(r.Sides, width, glyphs)) yield return line;
        if (r.Gates.Count > 0) yield return "";
        foreach (var line in r.Gates.SelectMany(gate => Gate(gate, r.Gates, width, glyphs))) yield return line;
        yield return "";
        foreach (var line in Wrap.Words(Foot(r, glyphs), width - 1)) yield return $" {line}";
        // Whole, whatever the width: it is there to be copied.
        if (r.ApprovalLink is { } link) yield return $" By link: {link}";
    }

    static string Title(ReleaseReport r, DateTimeOffset now, int width, Terminal glyphs)
    {
        var versions = r.From is { } from ? $"{from} {glyphs.Arrow} {r.To}" : r.To;
        var left = $"{r.Service} {versions}   {r.Strategy}   {r.Environment}   release {r.Number}";
        var right = $"{Clocks.Span(now - r.Began)}   {State(r)}";
        return left.Length + right.Length + 2 <= width
            ? glyphs.Strong(left) + right.PadLeft(width - left.Length)
            : glyphs.Strong(left.Length <= width ? left : left[..width]);
    }

    static string State(ReleaseReport r) => r.Mode switch
    {
        "back" => "going back",
        "approval" => "waits for approval",
        "forward" => "running",
        var mode => mode,
    };

    static IEnumerable<string> Steps(ReleaseReport r, DateTimeOffset now, int width, Terminal glyphs)
    {
        var done = r.Steps.Where(step => step.State == "done").ToList();
        var current = r.Steps.Where(step => step.State == "now").ToList();
        var next = r.Steps.Where(step => step.State == "next").ToList();
        var shown = done.TakeLast(2).ToList();
        if (done.Count > shown.Count)
            yield return $" {Glyphs.Done(glyphs)} {done.Count - shown.Count} done before";
        foreach (var step in shown) yield return $" {Glyphs.Done(glyphs)} {Foreign.Line(step.Text)}";
        foreach (var step in current)
            yield return Beside(
                $" {Glyphs.Now(glyphs)} {Foreign.Line(step.Text)}", Foreign.Line(Note(r, step, now)), width);
        var soon = next.Take(Math.Max(1, StepsShown - shown.Count - current.Count)).ToList();
        foreach (var step in soon) yield return $" {Glyphs.Next(glyphs)} {Foreign.Line(step.Text)}";
        if (next.Count > soon.Count) yield return $" {Glyphs.Next(glyphs)} {next.Count - soon.Count} more";
    }

    static string Note(ReleaseReport r, StepReport step, DateTimeOffset now) =>
        step.Note.Length > 0 ? step.Note
        : r.StepEnds is { } ends && ends - now >= TimeSpan.FromSeconds(1) ? $"{Clocks.Span(ends - now)} to go"
        : "";

    static string Beside(string left, string right, int width) => right.Length == 0 ? left
        : left.Length + right.Length + 2 <= width ? left + right.PadLeft(width - left.Length)
        : $"{left}: {right}";

    static IEnumerable<string> Bars(ReleaseReport r, int width, Terminal glyphs)
    {
        var name = r.Sides.Max(side => (int?)side.Version.Length) ?? 0;
        foreach (var side in r.Sides)
        {
            var seen = side.Role == "candidate" ? r.ShareSeenPercent : 100 - r.ShareSeenPercent;
            var share = Math.Abs(seen - side.SharePercent) < 0.005
                ? $"{side.SharePercent:0.##} %"
                : $"{seen:0.##} {glyphs.Arrow} {side.SharePercent:0.##} %";
            var cells = Math.Max(10, width - name - 18);
            var bar = Glyphs.Bar(glyphs, seen, side.SharePercent, cells).PadRight(cells);
            yield return $" {side.Version.PadRight(name)}  {bar}  {share,12}";
        }
    }

    static IEnumerable<string> Gate(
        GateReport gate, IReadOnlyList<GateReport> all, int width, Terminal glyphs)
    {
        var name = all.Max(each => each.Name.Length);
        var verdict = gate.Verdict switch
        {
            "fail" => "failed",
            // Bad on both sides, or nobody is left to compare with: the evidence says which.
            "notTheRelease" or "wrongSplit" => "asks a person",
            _ when gate.Harmless => "no harm",
            _ => "undecided",
        };
        var label = $" {Foreign.Line(gate.Name).PadRight(name)}  {verdict,-15}  ";
        var mark = gate.Verdict is "fail" or "notTheRelease" or "wrongSplit" ? glyphs.Bad(label) : label;
        var first = true;
        foreach (var line in Wrap.Words(gate.Evidence, Math.Max(20, width - label.Length)))
        {
            yield return (first ? mark : new string(' ', label.Length)) + line;
            first = false;
        }
    }

    /// <summary>What somebody has to say to be asked at all.</summary>
    public static string As(ReleaseReport r) => r.WaitsFor is [var role, ..] ? $" --role {role}" : "";

    static string Foot(ReleaseReport r, Terminal glyphs) => r switch
    {
        { Mode: "back" } => $"Going back: {r.Why}",
        { Mode: "paused" } => $"Paused: {r.Why}. To go on: slipway resume {r.Service}. To stop it: slipway abort "
            + r.Service,
        { Mode: "approval" } => $"To approve: slipway approve {r.Service}{As(r)}. To refuse: slipway reject "
            + $"{r.Service}{As(r)} --why …",
        { EndsAbout: { } end } => $"Done about {Clocks.Short(end, glyphs.Zone)}. Ctrl-C leaves it running. "
            + $"To stop it: slipway abort {r.Service}",
        _ => $"Ctrl-C leaves it running. To stop it: slipway abort {r.Service}",
    };
}
