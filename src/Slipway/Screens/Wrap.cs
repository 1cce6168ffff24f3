namespace Slipway.Screens;

internal static class Wrap
{
    /// <summary>A word longer than a line stands on a line of its own: names are never cut.</summary>
    public static IEnumerable<string> Words(string text, int width)
    {
        var line = "";
        foreach (var word in Unbroken(Foreign.Line(text)))
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

    /// <summary>Lines below the first begin where the text behind the label does.</summary>
    public static IEnumerable<string> Hanging(string label, string text, int width)
    {
        var first = true;
        foreach (var line in Words(text, width - label.Length))
        {
            yield return (first ? label : new string(' ', label.Length)) + line;
            first = false;
        }
    }

    /// <summary>The parts of a title side by side, as many in a line as it holds.</summary>
    public static IEnumerable<string> Title(IEnumerable<string> parts, int width)
    {
        var line = "";
        foreach (var part in parts.Where(part => part.Length > 0).Select(Foreign.Line))
        {
            if (line.Length > 0 && line.Length + 3 + part.Length > width)
            {
                yield return line;
                line = "  ";
            }

            line += line.Trim().Length > 0 ? $"   {part}" : part;
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
