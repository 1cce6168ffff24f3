using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Api;

/// <summary>docs/reference/api.md beside what the API says of itself.</summary>
public sealed partial class ReferenceTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    Dictionary<string, JsonElement> _operations = [];
    JsonElement _schemas;

    static Dictionary<string, string> Sections { get; } = Section()
        .Matches(File.ReadAllText(Repository.File("docs/reference/api.md")))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value);

    public async Task InitializeAsync()
    {
        var world = new ObedientWorld();
        var journal = new MemoryJournal();
        using var engine = new Engine(
            new(journal, world, world, world, world) { Metrics = world }, TimeProvider.System, _stop.Token);
        await using var server = await ApiServer.Start(
            new(engine, journal)
            {
                Instances = _ => [],
                Approvals = new(_folder.Path, () => "http://slipway.example.com"),
            }, "127.0.0.1:0", _stop.Token);
        using var http = new HttpClient { BaseAddress = new(server.Url) };
        var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json", _stop.Token)).RootElement;
        _schemas = document.GetProperty("components").GetProperty("schemas");
        _operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb =>
                (Name: $"{verb.Name.ToUpperInvariant()} {path.Name}", verb.Value)))
            .ToDictionary(operation => operation.Name, operation => operation.Value);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_address_has_its_section_and_no_other_has_one() =>
        Sections.Keys.Order(StringComparer.Ordinal).ShouldBe(_operations.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_section_shows_how_to_ask()
    {
        foreach (var (name, text) in Sections)
        {
            var (verb, path) = (name.Split(' ')[0], name.Split(' ')[1]);
            var asked = "$SLIPWAY_URL" + path
                .Replace("{name}", "shop", StringComparison.Ordinal)
                .Replace("{id}", "shop-8", StringComparison.Ordinal);
            var curl = Regex.Match(text, @"^.*curl [^`]*", RegexOptions.Multiline).Value;
            curl.ShouldContain(asked, customMessage: name);
            if (verb == "GET") curl.ShouldNotContain("-X", customMessage: name);
            else curl.ShouldContain($"-X {verb} ", customMessage: name);
        }
    }

    [Fact]
    public void Every_answer_that_is_shown_has_only_fields_that_there_are()
    {
        foreach (var (name, text) in Sections)
        {
            if (Example().Match(text) is not { Success: true } shown) continue;
            var schema = _operations[name].GetProperty("responses").GetProperty("200").GetProperty("content")
                .GetProperty("application/json").GetProperty("schema");
            ShouldFit(JsonDocument.Parse(shown.Groups["json"].Value).RootElement, schema, name);
        }
    }

    void ShouldFit(JsonElement example, JsonElement schema, string where)
    {
        if (schema.TryGetProperty("oneOf", out var either))
            schema = either.EnumerateArray().Last(one => one.TryGetProperty("$ref", out _));
        if (schema.TryGetProperty("$ref", out var link))
            schema = _schemas.GetProperty(link.GetString()!.Split('/')[^1]);
        if (example.ValueKind == JsonValueKind.Array)
            foreach (var item in example.EnumerateArray()) ShouldFit(item, schema.GetProperty("items"), where);
        if (example.ValueKind != JsonValueKind.Object) return;
        var known = schema.GetProperty("properties");
        foreach (var field in example.EnumerateObject())
        {
            known.TryGetProperty(field.Name, out var inner).ShouldBeTrue($"{where}: there is no field {field.Name}");
            ShouldFit(field.Value, inner, $"{where}, {field.Name}");
        }
    }

    [GeneratedRegex(@"^### `(?<name>[A-Z]+ [^`]+)`\n(?<text>.*?)(?=^##|\z)",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
