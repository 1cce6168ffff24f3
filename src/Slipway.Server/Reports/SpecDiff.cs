using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Reports;

/// <summary>What a new slipway.yaml changes, in words: "replicas 2 → 3".</summary>
public static class SpecDiff
{
    const int Told = 5, ValueMax = 40;

    public static string Of(ServiceSpec? before, ServiceSpec after)
    {
        if (before is null) return "it is known from now on";
        var all = Changes("", Tree(before), Tree(after)).ToList();
        return all.Count == 0 ? "nothing has changed"
            : string.Join(", ", all.Take(Told)) + (all.Count > Told ? $" and {all.Count - Told} more" : "");
    }

    static JsonNode? Tree(ServiceSpec spec) => JsonSerializer.SerializeToNode(spec, JournalFormat.Options);

    static IEnumerable<string> Changes(string path, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after)) return [];
        if (before is JsonArray or null && after is JsonArray or null)
            return [$"{path}: {Entries(before as JsonArray ?? [], after as JsonArray ?? [])}"];
        if (before is not JsonObject old || after is not JsonObject now)
            return
            [
                Shown(before) is { } from && Shown(after) is { } to
                    ? $"{path} {from} → {to}"
                    : Turned(path, before, after),
            ];
        return old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key))
            .SelectMany(key => Changes(Joined(path, key), old[key], now[key]));
    }

    /// <summary>How many, not which: an entry may hold what is nobody's to read.</summary>
    static string Entries(JsonArray before, JsonArray after)
    {
        var (gone, come) = (before.ToList(), new List<JsonNode?>());
        foreach (var entry in after)
            if (gone.FindIndex(old => JsonNode.DeepEquals(old, entry)) is >= 0 and var at) gone.RemoveAt(at);
            else come.Add(entry);
        var changed = Math.Min(gone.Count, come.Count);
        (int Count, string How)[] all =
            [(changed, "changed"), (come.Count - changed, "added"), (gone.Count - changed, "removed")];
        var told = all.Where(each => each.Count > 0).Select(each => $"{each.Count} {each.How}").ToList();
        return told.Count > 0 ? string.Join(", ", told) : "in another order";
    }

    static string Turned(string path, JsonNode? before, JsonNode? after) => (before, after) switch
    {
        (null, _) => $"{path} added",
        (_, null) => $"{path} removed",
        _ => $"{path} changed",
    };

    /// <summary>As the file has it: "is" and "way" are the journal's, to tell kinds apart.</summary>
    static string Joined(string path, string key) =>
        path.Length == 0 ? key : key is "is" or "way" ? path : $"{path}.{key}";

    /// <summary>Only what is short: of lists and long texts the name says enough.</summary>
    static string? Shown(JsonNode? node) => node switch
    {
        null => "none",
        JsonValue value when value.ToString() is { Length: <= ValueMax } text =>
            text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", null, out var time)
                ? Timing.Text(time)
                : text,
        _ => null,
    };
}
