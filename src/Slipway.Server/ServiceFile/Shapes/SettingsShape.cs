using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;
using Slipway.Specification;

namespace Slipway.ServiceFile.Shapes;

/// <summary>Names that the user chooses, each with its text: an environment, headers.</summary>
/// <param name="example">A name with its value.</param>
/// <param name="pattern">What a name looks like.</param>
/// <param name="noun">What the names are names of.</param>
internal sealed class SettingsShape(string example, string pattern, string noun, string letters) : Shape<Seq<Setting>>
{
    public static readonly SettingsShape Environment = new(
        "LOG_LEVEL: info", Texts.VariableName, "a variable", "letters, digits and _, no digit first");

    public static readonly SettingsShape Headers = new(
        "Cache-Control: no-store", "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", "a header", "letters, digits and -");

    public static readonly SettingsShape JsonPaths = new(
        "checks.database: up", Adapters.JsonPath.Pattern, "a place in JSON",
        "names with points between them, and [0] for the first of a list");

    public override string Wants => $"names with their values, like {{ {example} }}";
    public override bool AcceptsNothing => true;
    public override bool Fits(Node node) => node is Node.Map;

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["propertyNames"] = new JsonObject { ["pattern"] = pattern },
        ["additionalProperties"] = Texts.Any.Schema(),
    };

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out Seq<Setting> value)
    {
        value = [];
        if (node is Node.Text { IsNothing: true }) return true;
        if (node is not Node.Map map) return Refuse(node, problems);
        var errors = problems.Errors;
        foreach (var (key, text) in map.Entries)
        {
            if (!Texts.Matches(key.Value, pattern))
                problems.Add(key.At, $"{key.Found} can't be the name of {noun}", letters);
            else if (text is Node.Text { IsNothing: true })
                value = value.Add(new(key.Value, ""));
            else if (Texts.Any.TryRead(text, problems, out var read))
                value = value.Add(new(key.Value, read));
        }
        return problems.Errors == errors;
    }
}
