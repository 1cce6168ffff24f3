using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>A short spelling and a long one: text (or a list) for what is usual, a map of keys for the rest.</summary>
internal sealed class EitherShape<T>(Shape<T> brief, Shape<T> full) : Shape<T>
{
    public override string Wants => $"{brief.Wants}, or {full.Wants}";
    public override bool AcceptsNothing => full.AcceptsNothing;
    public override IEnumerable<Shape> Parts => [brief, full];
    public override bool Fits(Node node) => brief.Fits(node) || full.Fits(node);
    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(brief.Schema(), full.Schema()) };

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out T value) =>
        (full.Fits(node) ? full : brief).TryRead(node, problems, out value);
}
