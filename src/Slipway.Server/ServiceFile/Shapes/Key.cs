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
}

internal sealed class Key<T, V>(string name, Shape<V> shape, string says, Func<T, V, T> set, string? otherwise, bool required)
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
}
