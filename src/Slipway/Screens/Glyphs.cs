namespace Slipway.Screens;

/// <summary>Marks that say at a glance how a thing stands, each with a spelling for plain terminals.</summary>
internal static class Glyphs
{
    public static string Done(Terminal t) => t.Unicode ? "✓" : "+";
    public static string Bad(Terminal t) => t.Unicode ? "✗" : "x";
    public static string Now(Terminal t) => t.Unicode ? "▸" : ">";
    public static string Next(Terminal t) => t.Unicode ? "○" : ".";
    public static string Undone(Terminal t) => t.Unicode ? "↩" : "<";

    /// <summary>A bar of so many cells: full up to the smaller share, hatched up to the larger one.</summary>
    public static string Bar(Terminal t, double percent, double toPercent, int cells)
    {
        var (full, half) = t.Unicode ? ('█', '▒') : ('#', '=');
        var low = Cells(Math.Min(percent, toPercent), cells);
        var high = Cells(Math.Max(percent, toPercent), cells);
        return new string(full, low) + new string(half, high - low);
    }

    /// <summary>What is there at all is seen, however little.</summary>
    static int Cells(double percent, int cells) =>
        percent <= 0 ? 0 : Math.Max(1, (int)Math.Round(percent / 100 * cells));
}
