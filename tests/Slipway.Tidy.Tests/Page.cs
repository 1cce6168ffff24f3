namespace Slipway.Tidy;

/// <summary>A file of the tree: its path from the root, with slashes, and its text.</summary>
public sealed record Page(string Path, string Text)
{
    public IReadOnlyList<string> Lines { get; } = LinesOf(Text);

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
    public IReadOnlyList<string> Folders => Path.Split('/')[..^1];
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);
    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);
    public bool IsSource => Path.StartsWith("src/", StringComparison.Ordinal);
    public bool IsProse => Path.EndsWith(".md", StringComparison.Ordinal);
    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    /// <summary>The rules and their bad examples have to name what they forbid.</summary>
    public bool IsAboutTheRules => Path.StartsWith("tests/Slipway.Tidy.Tests/", StringComparison.Ordinal);

    public Finding At(int line, string text) => new(Path, line, text);

    /// <summary>A finding for each line that matches.</summary>
    public IEnumerable<Finding> Where(Func<string, bool> matches, string text) =>
        Lines.Select((line, i) => (line, i)).Where(x => matches(x.line)).Select(x => At(x.i + 1, text));

    static string[] LinesOf(string text) =>
        (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
}
