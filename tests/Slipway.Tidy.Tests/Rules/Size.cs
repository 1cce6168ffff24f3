namespace Slipway.Tidy.Rules;

/// <summary>What is longer than this holds two ideas.</summary>
static class Size
{
    public const int LinesOfFile = 300;
    public const int LinesOfMethod = 70;
    public const int CharactersOfLine = 120;

    public static IEnumerable<Finding> Files(Page page) => page.Lines.Count <= LinesOfFile
        ? []
        : [page.At(
            LinesOfFile + 1,
            $"{page.Lines.Count} lines, {LinesOfFile} at most: move one of its ideas to a file of its own")];

    public static IEnumerable<Finding> Lines(Page page) => page.Where(
        line => line.EnumerateRunes().Count() > CharactersOfLine,
        $"more than {CharactersOfLine} characters: break the line where its meaning has a joint");

    public static IEnumerable<Finding> Methods(Page page) => Members.Of(page.Text)
        .Where(member => member.IsMethod && member.Lines > LinesOfMethod)
        .Select(member => page.At(
            member.Line,
            $"{member.Lines} lines of '{member.Name}', {LinesOfMethod} at most: give a part of it a name of its own"));
}
