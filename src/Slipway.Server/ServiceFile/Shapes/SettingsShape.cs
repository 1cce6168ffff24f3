using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;
using Slipway.Specification;

namespace Slipway.ServiceFile.Shapes;

/// <summary>Names that the user chooses, each with its text: an environment.</summary>
internal sealed class SettingsShape : Shape<Seq<Setting>>
{
    public override string Wants => "names with their values, like { LOG_LEVEL: info }";
    public override bool AcceptsNothing => true;
    public override bool Fits(Node node) => node is Node.Map;

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["propertyNames"] = new JsonObject { ["pattern"] = Texts.VariableName },
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
            if (!Texts.IsVariableName(key.Value))
                problems.Add(key.At, $"{key.Found} can't be the name of a variable",
                    "letters, digits and _, no digit first");
            else if (text is Node.Text { IsNothing: true })
                value = value.Add(new(key.Value, ""));
            else if (Texts.Any.TryRead(text, problems, out var read))
                value = value.Add(new(key.Value, read));
        }
        return problems.Errors == errors;
    }
}
