using System.Text.Json;
using Slipway.Adapters.Commands;

namespace Slipway.Adapters.Sources;

/// <summary>Any address that answers JSON, or a bare number.</summary>
sealed class HttpSource(HttpClient http, Variables variables) : ISource
{
    public async Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel)
    {
        var address = variables.Resolve(inquiry.Names.Fill(inquiry.Text, Uri.EscapeDataString));
        using var response = await http.GetAsync(new Uri(address), cancel);
        if (!response.IsSuccessStatusCode) return Answer.No($"it answered {(int)response.StatusCode}");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
        return JsonPath.Find(answer.RootElement, inquiry.Metric.Path, out var missing) is { } found
            ? Of(found)
            : Answer.Empty($"the answer has no {Told(missing, inquiry.Metric.Path ?? "")}");
    }

    static string Told(string missing, string path) =>
        path == missing || path == $"$.{missing}" ? missing : $"{missing} of {path}";

    static Answer Of(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.Number => Answer.Of(found.GetDouble()),
        JsonValueKind.String => Answer.Of(found.GetString()!),
        JsonValueKind.Null => Answer.No("the value is null"),
        JsonValueKind.Array => Answer.No($"there are {found.GetArrayLength()} values, and one number is wanted"),
        _ => Answer.No("the value is not a number"),
    };
}
