using System.Text.RegularExpressions;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>
/// A file of variables as shells and compose files have them: NAME=value, perhaps after "export", the value perhaps in
/// quotes, and what follows " #" a comment. A line that is none of it is an error, not a variable that is missing.
/// </summary>
static partial class EnvFile
{
    public static IEnumerable<Setting> Read(string path) => Lines(path).Index()
        .Select(line => (Number: line.Index + 1, Text: line.Item.Trim()))
        .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
        .Select(line => Assignment().Match(line.Text) is { Success: true } said
            ? new Setting(said.Groups["name"].Value, ValueOf(said))
            : throw new IOException($"{path}:{line.Number}, named in envFiles, is no line like NAME=value."));

    static string ValueOf(Match said) =>
        said.Groups["double"] is { Success: true } quoted
            ? quoted.Value.Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\n", "\n", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal)
            : said.Groups["single"] is { Success: true } literal ? literal.Value
            : said.Groups["plain"].Value;

    static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}, named in envFiles, cannot be read: {e.Message}", e);
        }
    }

    [GeneratedRegex("""
        ^(export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*
        ("(?<double>(\\.|[^"\\])*)"(\s+\#.*)?|'(?<single>[^']*)'(\s+\#.*)?|(?<plain>[^"'\s].*?)?(\s+\#.*)?)$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();
}
