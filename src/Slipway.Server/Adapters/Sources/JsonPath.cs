using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Adapters.Sources;

/// <summary>
/// A place in a JSON document, like <c>data.items[0].rate</c>; the beginning <c>$.</c> may be left out.
/// </summary>
static partial class JsonPath
{
    public static string? Problem(string? path) =>
        path is null || Whole().IsMatch(path) ? null : $"\"{path}\" is not a path";

    public static Answer Read(JsonElement root, string? path)
    {
        var at = root;
        foreach (Match step in Step().Matches(path ?? ""))
        {
            var (name, index) = (step.Groups["name"], step.Groups["index"]);
            if (name.Success && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name.Value, out var inner))
                at = inner;
            else if (index.Success && at.ValueKind == JsonValueKind.Array
                && int.Parse(index.Value, CultureInfo.InvariantCulture) is var number && number < at.GetArrayLength())
                at = at[number];
            else return Answer.Empty($"the answer has no {step.Value.TrimStart('.')} of {path}");
        }

        return at.ValueKind switch
        {
            JsonValueKind.Number => Answer.Of(at.GetDouble()),
            JsonValueKind.String => Answer.Of(at.GetString()!),
            JsonValueKind.Null => Answer.No("the value is null"),
            JsonValueKind.Array => Answer.No($"there are {at.GetArrayLength()} values, and one number is wanted"),
            _ => Answer.No("the value is not a number"),
        };
    }

    [GeneratedRegex(@"^\$?(\.?[\w-]+|\[\d{1,6}\])*$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<name>[\w-]+)|\[(?<index>\d{1,6})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
