using System.Globalization;
using System.Text.Json;

namespace Slipway.Adapters.Checks;

/// <summary>A place in a body of JSON, like checks.database or items[0].name.</summary>
static class JsonPlace
{
    /// <summary>What stands there as text, as it would be written in a file; null when nothing does.</summary>
    public static string? Find(JsonElement root, string path)
    {
        var at = root;
        var names = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        foreach (var part in names.Split('.'))
        {
            var (name, indexes) = Split(part);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
            foreach (var index in indexes)
            {
                if (at.ValueKind != JsonValueKind.Array || index >= at.GetArrayLength()) return null;
                at = at[index];
            }
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString() : at.GetRawText();
    }

    static (string Name, IEnumerable<int> Indexes) Split(string part)
    {
        var words = part.Split('[', ']').Where(word => word.Length > 0).ToList();
        return (words[0], words.Skip(1).Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue));
    }
}
