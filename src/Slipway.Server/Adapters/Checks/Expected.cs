using System.Text.Json;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

/// <summary>What an answer should have been, beside what it was.</summary>
static class Expected
{
    /// <summary>The first thing that is not as it should be; null when all is well.</summary>
    public static string? Missed(CheckSpec.Http check, HttpResponseMessage answer, string body)
    {
        if ((int)answer.StatusCode != check.Expect)
            return $"answered {(int)answer.StatusCode}, not {check.Expect}{Quoted(body)}";
        foreach (var (name, value) in check.Header)
            if (HeaderOf(answer, name) is var found && found != value)
                return found is null
                    ? $"there is no header {name}, which should be \"{value}\""
                    : $"the header {name} is \"{Short(found)}\", not \"{value}\"";
        if (check.Json.Count > 0 && MissedIn(check.Json, body) is { } missed) return missed;
        return check.Body is { } text && !body.Contains(text, StringComparison.Ordinal)
            ? $"the body does not contain \"{text}\"{Quoted(body)}"
            : null;
    }

    static string? MissedIn(Seq<Setting> wanted, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var (path, value) in wanted)
                if (TextAt(json.RootElement, path) is var found && found != value)
                    return found is null
                        ? $"there is no {path} in the body, which should be \"{value}\""
                        : $"{path} in the body is \"{Short(found)}\", not \"{value}\"";
            return null;
        }
        catch (JsonException)
        {
            return $"the body is no JSON{Quoted(body)}";
        }
    }

    /// <summary>As it would be written in a file.</summary>
    static string? TextAt(JsonElement root, string path) => JsonPath.Find(root, path, out _) is not { } found ? null
        : found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText();

    static string? HeaderOf(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static string Quoted(string body) => Short(body) is { Length: > 0 } said ? $": \"{said}\"" : "";

    static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= Limits.ToldMax ? line : line[..(Limits.ToldMax - 1)] + "…";
    }
}
