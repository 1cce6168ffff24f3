using System.Globalization;
using Slipway.Screens;

namespace Slipway.Demo;

/// <summary>The demo's last words: what happened, in the figures of its own visitors.</summary>
internal static class EndingScreen
{
    const int TitleWidth = 13, ResultWidth = 23;

    public static IEnumerable<string> Lines(Ending ending, Terminal t) => Told(ending, t).Select(line =>
        t.Spelt(t.Unicode ? line : line.Replace("↔", "<->", StringComparison.Ordinal)));

    static IEnumerable<string> Told(Ending ending, Terminal t)
    {
        var figures = string.Create(CultureInfo.InvariantCulture, $"{ending.Releases} releases in "
            + $"{ending.Took.TotalSeconds:0} s, {ending.Requests:N0} requests, {ending.Lost.Count} lost by switching");
        yield return ending.Claims.Count == 0
            ? $"{Glyphs.Done(t)} That was Slipway: {figures}."
            : $"{Glyphs.Bad(t)} Not all of it went as it should: {figures}.";
        yield return "";
        foreach (var scene in ending.Scenes)
        {
            var lead = $"  {scene.Title.PadRight(TitleWidth)}{scene.Result.PadRight(ResultWidth)}";
            foreach (var note in scene.Notes.DefaultIfEmpty(""))
            {
                yield return (lead + note).TrimEnd();
                lead = new string(' ', lead.Length);
            }
        }

        if (ending.Claims.Count > 0) yield return "";
        foreach (var claim in ending.Claims) yield return $"  {t.Bad("Not so:")} {claim}";
        yield return "";
        if (!ending.IsOver) yield break;
        yield return "  Everything it started is stopped and removed.";
        yield return "";
        yield return "  Your own service:    slipway init, then slipway up";
        yield return "  Look at it in peace: slipway demo --stay";
    }
}
