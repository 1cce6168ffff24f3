using Slipway.ServiceFile;

namespace Slipway;

/// <summary>
/// Shows the problems of a file. The first line has the form that editors, grep and problem matchers read; below it
/// stand the lines of the file and what to write instead.
/// </summary>
internal static class ProblemScreen
{
    const int NarrowestExcerpt = 20;

    public static IEnumerable<string> Lines(SlipwayFile file, Terminal terminal) =>
        file.Problems.SelectMany(problem => Lines(file, problem, terminal));

    public static IEnumerable<string> Lines(SlipwayFile file, Problem problem, Terminal terminal)
    {
        var (at, isError) = (problem.At, problem.Severity == ProblemSeverity.Error);
        Func<string, string> colour = isError ? terminal.Bad : terminal.Doubtful;
        yield return $"{file.Path}:{at.Line}:{at.Column}: {colour(isError ? "error:" : "warning:")} " +
            $"{terminal.Strong(terminal.Spelt(Visible(problem.Message)))}";
        yield return "";
        var around = isError ? 1 : 0;
        var gutter = Math.Max(3, $"{at.Line + around}".Length + 1);
        var excerpt = new Excerpt(Math.Max(NarrowestExcerpt, terminal.Width - gutter - 4), at.Column,
            terminal.Ellipsis);
        for (var n = Math.Max(1, at.Line - around); n <= Math.Min(file.Lines.Count, at.Line + around); n++)
        {
            var line = Visible(file.Lines[n - 1]);
            if (line.Trim().Length > 0 || n == at.Line)
                yield return $" {terminal.Muted($"{n}".PadLeft(gutter) + " |")} {excerpt.Cut(line)}".TrimEnd();
            if (n != at.Line) continue;
            var blank = $" {new string(' ', gutter)} {terminal.Muted("|")} ";
            foreach (var mark in excerpt.Mark(at.Length, terminal.Spelt(problem.Hint), colour))
                yield return blank + mark;
        }
        if (problem.More is { } more)
        {
            yield return "";
            foreach (var line in Wrap(more, terminal.Width - 5)) yield return "     " + line;
        }
        yield return "";
    }

    public static string Summary(SlipwayFile file, Terminal terminal)
    {
        var warnings = file.Problems.Count - file.Errors;
        var also = warnings == 0 ? "" : $" and {Counted(warnings, "warning")}";
        return $"{terminal.Bad(Counted(file.Errors, "error"))}{also} in {file.Path}. Nothing was changed.";
    }

    /// <summary>A file must not move the cursor or change the colours of whoever looks at it.</summary>
    static string Visible(string text) =>
        text.Any(IsControl) ? string.Concat(text.Select(letter => IsControl(letter) ? '?' : letter)) : text;

    static bool IsControl(char letter) => char.IsControl(letter) && letter != '\t';

    static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
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

    /// <summary>A window onto long lines, placed so that the column in question can be seen.</summary>
    sealed class Excerpt(int room, int column, string ellipsis)
    {
        readonly int from = column > room - 8 ? column - room / 2 : 0;

        public string Cut(string line)
        {
            var text = line.Replace('\t', ' ');
            if (from > 0) text = text.Length > from ? ellipsis + text[(from + 1)..] : "";
            return text.Length <= room ? text : text[..(room - 1)] + ellipsis;
        }

        /// <summary>The caret with the hint beside it, or below it where there is no room.</summary>
        public IEnumerable<string> Mark(int length, string hint, Func<string, string> colour)
        {
            var indent = new string(' ', column - 1 - from);
            var caret = colour(new string('^', Math.Clamp(length, 1, room - indent.Length)));
            var beside = indent.Length + Math.Min(length, room) + 1 + hint.Length <= room;
            yield return hint.Length > 0 && beside ? $"{indent}{caret} {hint}" : indent + caret;
            if (hint.Length == 0 || beside) yield break;
            var start = Math.Max(0, Math.Min(indent.Length, room - hint.Length));
            foreach (var line in Wrap(hint, room - start)) yield return new string(' ', start) + line;
        }
    }
}
