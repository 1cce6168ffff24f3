using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// What may stand at one place of slipway.yaml. The same description reads the value, writes the JSON Schema and
/// fills the tables of the reference, so that the three cannot disagree.
/// </summary>
internal abstract class Shape
{
    /// <summary>What is expected, to be read after "write": "a duration, like 30s".</summary>
    public abstract string Wants { get; }

    public abstract JsonObject Schema();

    /// <summary>Whether this kind of node is meant for this shape, right or wrong inside.</summary>
    public abstract bool Fits(Node node);

    /// <summary>Whether a key may stand there with nothing after it.</summary>
    public virtual bool AcceptsNothing => false;

    /// <summary>The shapes inside this one that are not under a key: of a list's items, of alternatives.</summary>
    public virtual IEnumerable<Shape> Parts => [];
}

internal abstract class Shape<T> : Shape
{
    /// <summary>True with the value, or false after having told the problems why not.</summary>
    public abstract bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out T value);

    public Shape<U> Select<U>(Func<T, U> into) => new MappedShape<T, U>(this, into);

    protected bool Refuse(Node node, Problems problems)
    {
        var hint = node is Node.Map ? $"write {Wants}; text that starts with {{ needs quotes" : $"write {Wants}";
        problems.Add(node.At, node is Node.Text { IsNothing: true } ? "a value is missing"
            : $"{node.Found} can't stand here", hint);
        return false;
    }
}

/// <summary>Reads one thing and hands on another made from it.</summary>
internal sealed class MappedShape<T, U>(Shape<T> inner, Func<T, U> into) : Shape<U>
{
    public override string Wants => inner.Wants;
    public override bool AcceptsNothing => inner.AcceptsNothing;
    public override IEnumerable<Shape> Parts => [inner];
    public override bool Fits(Node node) => inner.Fits(node);
    public override JsonObject Schema() => inner.Schema();

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out U value)
    {
        var read = inner.TryRead(node, problems, out var found);
        value = read ? into(found!) : default;
        return read;
    }
}
