namespace Slipway.Screens;

internal static class Wrap
{
    /// <summary>A word longer than a line stands on a line of its own: names are never cut.</summary>
    public static IEnumerable<string> Words(string text, int width)
    {
        var line = "";
        foreach (var word in Unbroken(text))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        yield return line;
    }

    /// <summary>A number stays with its unit: "5 %" is one word.</summary>
    static IEnumerable<string> Unbroken(string text)
    {
        var held = "";
        foreach (var word in text.Split(' '))
        {
            if (held.Length > 0 && Units.Contains(word.TrimEnd('.', ',', ';', ')')))
            {
                held += " " + word;
                continue;
            }
            if (held.Length > 0) yield return held;
            held = word;
        }
        yield return held;
    }

    static readonly string[] Units = ["%", "ms", "s", "min", "h", "d"];
}
