using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// A list of things of one shape; a single one may stand without brackets where <paramref name="orOne"/> allows it.
/// </summary>
internal sealed class ListShape<T>(Shape<T> item, bool orOne = false) : Shape<Seq<T>>
{
    readonly List<Action<Items, Problems>> checks = [];

    internal readonly record struct Item(T Value, At At);

    internal sealed record Items(IReadOnlyList<Item> All, At At);

    public override string Wants => orOne ? $"{item.Wants}; or a list" : $"a list: each is {item.Wants}";
    public override bool AcceptsNothing => true;
    public override IEnumerable<Shape> Parts => [item];
    public override bool Fits(Node node) => node is Node.List || (orOne && item.Fits(node));

    /// <summary>What must hold between the items; asked only when each of them is well.</summary>
    public ListShape<T> Check(Action<Items, Problems> check)
    {
        checks.Add(check);
        return this;
    }

    public override JsonObject Schema()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        return orOne ? new() { ["anyOf"] = new JsonArray(item.Schema(), list) } : list;
    }

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out Seq<T> value)
    {
        value = default;
        if (Nodes(node) is not { } nodes) return Refuse(node, problems);
        var errors = problems.Errors;
        var items = new List<Item>();
        foreach (var each in nodes)
            if (item.TryRead(each, problems, out var read))
                items.Add(new(read, each.At));
        if (problems.Errors == errors)
            foreach (var check in checks) check(new(items, node.At), problems);
        value = items.Select(i => i.Value).ToSeq();
        return problems.Errors == errors;
    }

    IReadOnlyList<Node>? Nodes(Node node) => node switch
    {
        Node.List list => list.Items,
        Node.Text { IsNothing: true } => [],
        _ when orOne => [node],
        _ => null,
    };
}

internal static class Lists
{
    public static ListShape<T> Of<T>(Shape<T> item) => new(item);

    /// <summary>One, or a list of them.</summary>
    public static ListShape<T> OneOrMore<T>(Shape<T> item) => new(item, orOne: true);
}
