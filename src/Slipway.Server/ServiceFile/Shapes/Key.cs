using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>One key: its name, what may stand there, what it means, and what holds when it is left out.</summary>
internal abstract class Key(string name, Shape shape, string says, string? otherwise, bool required)
{
    public string Name => name;
    public Shape Shape => shape;
    public string Says => says;
    public string? Otherwise => otherwise;
    public bool Required => required;

    public JsonObject Schema()
    {
        var schema = shape.Schema();
        schema["description"] = otherwise is null ? says : $"{says} Default: {otherwise}.";
        return schema;
    }
}

internal abstract class Key<T>(string name, Shape shape, string says, string? otherwise, bool required)
    : Key(name, shape, says, otherwise, required)
{
    public abstract T Read(T into, Entry entry, Problems problems);

    /// <summary>The same key, read into a part of something larger.</summary>
    public Key<U> In<U>(Func<U, T> get, Func<U, T, U> set) => new PartKey<U, T>(this, get, set);
}

internal sealed class PartKey<T, P>(Key<P> key, Func<T, P> get, Func<T, P, T> set)
    : Key<T>(key.Name, key.Shape, key.Says, key.Otherwise, required: false)
{
    public override T Read(T into, Entry entry, Problems problems) => set(into, key.Read(get(into), entry, problems));
}

internal sealed class Key<T, V>(
    string name, Shape<V> shape, string says, Func<T, V, T> set, string? otherwise, bool required)
    : Key<T>(name, shape, says, otherwise, required)
{
    public override T Read(T into, Entry entry, Problems problems) =>
        shape.TryRead(entry.Value, problems, out var value) ? set(into, value) : into;
}

/// <summary>What has keys, whatever it is read into.</summary>
internal interface IKeys
{
    string Name { get; }
    IReadOnlyList<Key> Keys { get; }

    /// <summary>Whether leaving the key out means the same as writing this.</summary>
    bool HoldsAnyway(Key key, Entry entry, Problems problems);
}
