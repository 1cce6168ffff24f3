using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// A value, or what is wrong with the text and, where it can be said shorter than by the shape, what to write.
/// </summary>
internal readonly record struct Parsed<T>(T? Value, string? Wrong = null, string? Hint = null);

/// <summary>One piece of text that means something: a number, a duration, a name.</summary>
internal sealed class ScalarShape<T>(string wants, string schema, Func<string, Parsed<T>> parse) : Shape<T>
{
    public override string Wants => wants;

    public override bool Fits(Node node) => node is Node.Text;

    public override JsonObject Schema() => JsonNode.Parse(schema)!.AsObject();

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not Node.Text { IsNothing: false } text) return Refuse(node, problems);
        var parsed = parse(text.Value.Trim());
        value = parsed.Value!;
        if (parsed.Wrong is null) return true;
        problems.Add(text.At, parsed.Wrong, parsed.Hint ?? $"write {wants}");
        return false;
    }
}

/// <summary>Something that is switched on by naming it: <c>settle</c>, <c>tcp</c>.</summary>
internal sealed class NothingShape : Shape<bool>
{
    public override string Wants => "nothing, or true";
    public override bool AcceptsNothing => true;
    public override bool Fits(Node node) => node is Node.Text;
    public override JsonObject Schema() => new() { ["enum"] = new JsonArray(true, null) };

    public override bool TryRead(Node node, Problems problems, out bool value)
    {
        value = true;
        return node is Node.Text { Value: "true" or "" or "~" or "null" } || Refuse(node, problems);
    }
}
