using System.Text;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// Takes a command apart as a shell would, without being one: blanks divide, quotes keep together, and inside double
/// quotes a backslash keeps a quote or a backslash. Nothing else has a meaning.
/// </summary>
internal static class CommandLine
{
    public static Parsed<Seq<string>> Split(string text)
    {
        if (Texts.Checked(text) is { Wrong: { } wrong } faulty) return new(null, wrong, faulty.Hint);
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
                continue;
            }
            word ??= new();
            if (c == quote) quote = '\0';
            else if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (quote == '"' && c == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
                word.Append(text[++i]);
            else word.Append(c);
        }
        if (quote != '\0')
            return new(null, $"a {quote} is opened and never closed", "close it, or write the command as a list");
        if (word is not null) words.Add(word.ToString());
        return words.Count == 0 ? new(null, "a command without a program", "name the program first")
            : new(words.ToSeq());
    }
}
