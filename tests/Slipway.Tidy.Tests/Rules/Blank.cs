using System.Text;

namespace Slipway.Tidy.Rules;

/// <summary>Code with the insides of its texts and comments blanked out, line by line as it was.</summary>
static class Blank
{
    public static string Of(string code)
    {
        var blank = new StringBuilder(code);
        var at = 0;
        while (at < code.Length) at = Next(code, at, blank);
        return blank.ToString();
    }

    static int Next(string code, int at, StringBuilder blank) => code[at] switch
    {
        '/' when Peek(code, at + 1) == '/' => Erase(blank, at, IndexOf(code, "\n", at)),
        '/' when Peek(code, at + 1) == '*' => Erase(blank, at, IndexOf(code, "*/", at + 2) + 2),
        '#' when at == 0 || code[at - 1] == '\n' => Erase(blank, at, IndexOf(code, "\n", at)),
        '\'' => Erase(blank, at, EndOfCharacter(code, at + 1)),
        '"' or '$' or '@' when TextAt(code, at) is { } text => Erase(blank, at, text),
        _ => at + 1,
    };

    /// <summary>Where the text that begins here ends; null when it is none.</summary>
    static int? TextAt(string code, int at)
    {
        var quote = at;
        while (Peek(code, quote) is '$' or '@') quote++;
        if (Peek(code, quote) != '"') return null;

        var prefix = code[at..quote];
        var quotes = quote;
        while (Peek(code, quotes) == '"') quotes++;
        if (quotes - quote >= 3)
            return IndexOf(code, new string('"', quotes - quote), quotes) + (quotes - quote);
        return EndOfText(code, quote + 1, prefix.Contains('@'), prefix.Contains('$'));
    }

    static int EndOfText(string code, int at, bool verbatim, bool interpolated)
    {
        while (at < code.Length)
        {
            if (code[at] == '\\' && !verbatim) at += 2;
            else if (code[at] is '"' or '{' && Peek(code, at + 1) == code[at] && (verbatim || code[at] == '{')) at += 2;
            else if (code[at] == '"') return at + 1;
            else if (code[at] == '{' && interpolated) at = EndOfHole(code, at + 1);
            else at++;
        }

        return code.Length;
    }

    /// <summary>A hole in a text may hold texts of its own.</summary>
    static int EndOfHole(string code, int at)
    {
        for (var depth = 1; at < code.Length;)
        {
            if (TextAt(code, at) is { } text)
            {
                at = text;
                continue;
            }

            if (code[at] == '\'')
            {
                at = EndOfCharacter(code, at + 1);
                continue;
            }

            if (code[at] == '{') depth++;
            if (code[at++] == '}' && --depth == 0) return at;
        }

        return code.Length;
    }

    static int EndOfCharacter(string code, int at)
    {
        while (at < code.Length && code[at] is not ('\'' or '\n')) at += code[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, code.Length);
    }

    static int Erase(StringBuilder blank, int from, int to)
    {
        for (var i = from; i < Math.Min(to, blank.Length); i++)
            if (blank[i] != '\n')
                blank[i] = ' ';
        return Math.Max(to, from + 1);
    }

    static char Peek(string code, int at) => at < code.Length ? code[at] : '\0';

    static int IndexOf(string code, string what, int from) =>
        code.IndexOf(what, Math.Min(from, code.Length), StringComparison.Ordinal) is >= 0 and var found
            ? found
            : code.Length;
}
