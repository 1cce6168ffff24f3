using System.Text.Json;
using Slipway.Health;

namespace Slipway.Adapters.Processes;

/// <summary>
/// What an app's answer says beside its status code, in the forms that health checks of the usual kinds have: a bare
/// word, or JSON in which each part has a name and a status.
/// </summary>
static class HealthBody
{
    const int Depth = 4;

    static readonly string[] WellWords =
        ["healthy", "up", "ok", "pass", "passing", "ready", "good", "running", "connected", "available", "true"];

    static readonly string[] ReservedWords = ["degraded", "warn", "warning", "out_of_service"];
    static readonly string[] StatusNames = ["status", "state", "healthy", "ok"];

    public static bool IsDegraded(string body)
    {
        if (Answer(body.Trim()) == ProbeAnswer.Degraded) return true;
        using var json = Parse(body);
        return json is not null && StatusIn(json.RootElement, "status") is { } status
            && Answer(status) == ProbeAnswer.Degraded;
    }

    /// <summary>Those of the named ones that the body speaks of, in the order of their names' list.</summary>
    public static Seq<Dependency> Dependencies(string body, Seq<string> names)
    {
        if (names.Count == 0) return [];
        using var json = Parse(body);
        return json is null
            ? []
            : names.Select(name => Find(json.RootElement, name, Depth) is { } status
                ? new Dependency(name, Answer(status), status)
                : null).OfType<Dependency>().ToSeq();
    }

    static string? Find(JsonElement element, string name, int depth)
    {
        if (depth == 0 || element.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in element.EnumerateObject())
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && Status(property.Value) is { } status)
                return status;
        foreach (var property in element.EnumerateObject())
            if (Find(property.Value, name, depth - 1) is { } status)
                return status;
        return null;
    }

    static string? Status(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => "up",
        JsonValueKind.False => "down",
        JsonValueKind.Object => StatusNames.Select(name => StatusIn(element, name)).FirstOrDefault(s => s is not null),
        _ => null,
    };

    static string? StatusIn(JsonElement element, string name) => element.ValueKind != JsonValueKind.Object
        ? null
        : element.EnumerateObject()
            .Where(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                && property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .Select(property => Status(property.Value))
            .FirstOrDefault();

    static ProbeAnswer Answer(string word) =>
        WellWords.Contains(word, StringComparer.OrdinalIgnoreCase) ? ProbeAnswer.Good
        : ReservedWords.Contains(word, StringComparer.OrdinalIgnoreCase) ? ProbeAnswer.Degraded
        : ProbeAnswer.Bad;

    static JsonDocument? Parse(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith("{")) return null;
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
