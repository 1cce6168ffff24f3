using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Adapters;

/// <summary>
/// A place in a JSON document, like <c>data.items[0].rate</c>; the beginning <c>$.</c> may be left out.
/// </summary>
static partial class JsonPath
{
    public const string Pattern = @"^\$?[^.\[\]]*(\[\d{1,6}\])*(\.[^.\[\]]+(\[\d{1,6}\])*)*$";

    public static string? Problem(string? path) =>
        path is null || Whole().IsMatch(path) ? null : $"\"{path}\" is not a path";

    /// <summary>What stands there; null when nothing does, and then the part of the path that is missing.</summary>
    public static JsonElement? Find(JsonElement root, string? path, out string missing)
    {
        missing = "";
        var at = root;
        foreach (Match step in Step().Matches(path is ['$', ..] ? path[1..] : path ?? ""))
        {
            var (name, index) = (step.Groups["name"], step.Groups["index"]);
            if (name.Success && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name.Value, out var inner))
                at = inner;
            else if (index.Success && at.ValueKind == JsonValueKind.Array
                && int.Parse(index.Value, CultureInfo.InvariantCulture) is var number && number < at.GetArrayLength())
                at = at[number];
            else
            {
                missing = step.Value;
                return null;
            }
        }

        return at;
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<name>[^.\[\]]+)|\[(?<index>\d{1,6})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
