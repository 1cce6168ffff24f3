using System.Text.RegularExpressions;
using Slipway.ServiceFile.Keys;
using Slipway.ServiceFile.Shapes;

namespace Slipway.Tests.ServiceFile;

/// <summary>The tables of the reference page, made from the keys; the words around them are written by hand.</summary>
internal static partial class ReferenceTables
{
    /// <summary>Every group of keys, once, with the path that first leads to it.</summary>
    public static IReadOnlyList<(string Path, IKeys Keys)> Groups()
    {
        var found = new List<(string, IKeys)>();
        Visit(ServiceKeys.File, "", found);
        return found;
    }

    public static IEnumerable<string> PlacesIn(string page) =>
        Place().Matches(page).Select(match => match.Groups[1].Value);

    public static string FilledIn(string page)
    {
        var groups = Groups().ToDictionary(group => group.Path, group => group.Keys);
        return Place()
            .Replace(page.ReplaceLineEndings("\n"), place => groups.TryGetValue(place.Groups[1].Value, out var keys)
            ? $"<!-- keys: {place.Groups[1].Value} -->\n\n{Table(keys)}\n<!-- end -->"
            : place.Value);
    }

    static string Table(IKeys group) => string.Concat(group.Keys
        .Select(key => $"| `{key.Name}` | {Escaped(key.Shape.Wants)} | {Otherwise(key)} | {Escaped(key.Says)} |\n")
        .Prepend("| key | value | default | meaning |\n| --- | --- | --- | --- |\n"));

    static string Otherwise(Key key) => key.Required ? "required" : key.Otherwise is { } text ? $"`{text}`" : "–";

    static string Escaped(string text) => text.Replace("|", "\\|").Replace("<", "&lt;");

    static void Visit(Shape shape, string path, List<(string Path, IKeys Keys)> found)
    {
        if (shape is IKeys group)
        {
            if (found.Exists(each => ReferenceEquals(each.Keys, group))) return;
            found.Add((path.Length == 0 ? "top" : path, group));
            foreach (var key in group.Keys) Visit(key.Shape, path.Length == 0 ? key.Name : $"{path}.{key.Name}", found);
        }
        foreach (var part in shape.Parts) Visit(part, path, found);
    }

    [GeneratedRegex("<!-- keys: (.*?) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
