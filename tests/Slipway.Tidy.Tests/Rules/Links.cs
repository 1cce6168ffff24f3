using System.Text.RegularExpressions;

namespace Slipway.Tidy.Rules;

/// <summary>A link within the tree leads somewhere, to the very heading.</summary>
static partial class Links
{
    public static IEnumerable<Finding> Broken(Page page, Func<string, bool> exists, Func<string, Page?> read)
    {
        foreach (var (line, number) in Spoken(page))
            foreach (Match link in Link().Matches(line))
            {
                var (path, heading) = link.Groups["to"].Value.Split('#', 2) is [var before, var after]
                    ? (before, after)
                    : (link.Groups["to"].Value, "");
                var target = path == "" ? page.Path : Resolve(page, path);
                if (!exists(target))
                    yield return page.At(number, $"the link to '{path}' leads nowhere: there is no '{target}'");
                else if (heading != "" && read(target) is { } there && !HeadingsOf(there).Contains(heading))
                    yield return page.At(number, $"the link to '#{heading}' leads nowhere: {target} has no such " +
                        "heading");
            }
    }

    /// <summary>What is shown as an example is no link.</summary>
    static IEnumerable<(string Line, int Number)> Spoken(Page page)
    {
        var fenced = false;
        for (var i = 0; i < page.Lines.Count; i++)
        {
            if (page.Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal)) fenced = !fenced;
            else if (!fenced) yield return (Code().Replace(page.Lines[i], ""), i + 1);
        }
    }

    static string Resolve(Page page, string path)
    {
        var parts = new List<string>(page.Folders);
        foreach (var part in path.Split('/'))
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "")) parts.Add(part);
        return string.Join('/', parts);
    }

    static IEnumerable<string> HeadingsOf(Page page) => page.Lines
        .Where(line => line.StartsWith('#'))
        .Select(line => Dropped().Replace(line.TrimStart('#').Trim(), "").Replace(' ', '-').ToLowerInvariant());

    [GeneratedRegex(@"\]\((?!https?:|mailto:)(?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`[^`]*`(?!\]\()(?![^\[]*\]\()")]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();
}
