using System.Globalization;

namespace Slipway.Adapters.Sources;

/// <summary>What can be known of a query without Prometheus.</summary>
static class Promql
{
    public static string Duration(TimeSpan time) => time.Milliseconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    /// <summary>Null when brackets and quotes match: whatever else may be wrong only Prometheus can say.</summary>
    public static string? Problem(string query)
    {
        var open = new Stack<char>();
        var text = Template.Sample(query);
        if (text.Trim().Length == 0) return "it is empty";
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\'' or '`')
            {
                if (EndOfQuoted(text, i) is not { } end) return $"a {c} is opened and never closed";
                i = end;
            }
            else if (c == '#') i = text.IndexOf('\n', i) is >= 0 and var line ? line : text.Length;
            else if (c is '(' or '[' or '{') open.Push(c);
            else if (c is ')' or ']' or '}' && !(open.TryPop(out var last) && last == Opening(c)))
                return $"a {c} closes what nobody has opened";
        }

        return open.TryPop(out var left) ? $"a {left} is opened and never closed" : null;
    }

    static int? EndOfQuoted(string text, int from)
    {
        for (var i = from + 1; i < text.Length; i++)
            if (text[i] == text[from]) return i;
            else if (text[i] == '\\' && text[from] != '`') i++;
        return null;
    }

    static char Opening(char closing) => closing switch
    {
        ')' => '(',
        ']' => '[',
        _ => '{',
    };
}
