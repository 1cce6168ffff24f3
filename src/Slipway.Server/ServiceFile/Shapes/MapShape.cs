using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile.Shapes;

/// <summary>
/// A group of keys, folded one after the other into a record that starts with its own defaults. What is required may
/// be null in <paramref name="start"/>: without it no value comes out.
/// </summary>
internal sealed class MapShape<T>(string name, T start) : Shape<T>, IKeys
{
    readonly List<Key<T>> keys = [];
    readonly List<Rule> rules = [];
    readonly List<Action<T, Places>> checks = [];
    string[] alternatives = [];

    public string Name => name;
    public IReadOnlyList<Key> Keys => keys;
    public override string Wants =>
        alternatives.Length > 0 ? $"one of {Names(alternatives)}" : $"keys: {Names(AllNames)}";
    public override bool AcceptsNothing => alternatives.Length == 0 && keys.TrueForAll(key => !key.Required);

    public override bool Fits(Node node) => node is Node.Map;

    IEnumerable<string> AllNames => keys.Select(key => key.Name);

    public MapShape<T> Key<V>(string key, Shape<V> shape, string says, Func<T, V, T> set, string? otherwise = null)
    {
        keys.Add(new Key<T, V>(key, shape, says, set, otherwise, required: false));
        return this;
    }

    public MapShape<T> Must<V>(string key, Shape<V> shape, string says, Func<T, V, T> set)
    {
        keys.Add(new Key<T, V>(key, shape, says, set, otherwise: null, required: true));
        return this;
    }

    /// <summary>Takes over the keys of another group, as if they stood here: what they set is a part of this.</summary>
    public MapShape<T> Including<P>(MapShape<P> other, Func<T, P> get, Func<T, P, T> set)
    {
        keys.AddRange(other.keys.Select(key => key.In(get, set)));
        checks.AddRange(other.checks.Select(Action<T, Places> (check) => (value, places) => check(get(value), places)));
        return this;
    }

    /// <summary>Exactly one of these keys says what this is.</summary>
    public MapShape<T> ExactlyOne(params string[] these)
    {
        alternatives = these;
        return this;
    }

    public MapShape<T> NotBoth(string one, string other)
    {
        rules.Add(map => map.Find(one) is { } a && map.Find(other) is { } b
            ? new(Later(a, b).At, $"\"{one}\" and \"{other}\" exclude each other") { Hint = "leave one of them out" }
            : null);
        return this;
    }

    public MapShape<T> Only(string with, params string[] these)
    {
        rules.Add(map => map.Find(with) is null && these.Select(map.Find).OfType<Entry>().FirstOrDefault() is { } stray
            ? new(stray.Key.At, $"\"{stray.Key.Value}\" belongs to \"{with}\"") { Hint = "which is not given here" }
            : null);
        return this;
    }

    /// <summary>What must hold between the keys; asked only when each of them is well.</summary>
    public MapShape<T> Check(Action<T, Places> check)
    {
        checks.Add(check);
        return this;
    }

    public override bool TryRead(Node node, Problems problems, [MaybeNullWhen(false)] out T value)
    {
        value = start;
        if (AsMap(node) is not { } map) return RefuseAll(node, problems);
        var errors = problems.Errors;
        var unknown = new List<string>();
        foreach (var entry in map.Entries)
            if (keys.Find(key => key.Name == entry.Key.Value) is { } key) value = key.Read(value, entry, problems);
            else unknown.Add(Unknown(entry, map.Owner ?? name, problems));
        Missing(map, unknown, problems);
        foreach (var rule in rules)
            if (problems.Errors == errors && rule(map) is { } broken)
                problems.Add(broken.At, broken.Message, broken.Hint);
        foreach (var check in checks)
            if (problems.Errors == errors) check(value, new Places(map, problems));
        return problems.Errors == errors;
    }

    /// <summary>"strategy: rolling" is short for "strategy: { rolling: {} }".</summary>
    Node.Map? AsMap(Node node) => node switch
    {
        Node.Map map => map,
        Node.Text { IsNothing: true } => new(node.At, []),
        Node.Text text when Bare.Contains(text.Value) => new(text.At, [new(text, Node.Nothing(text.At))]),
        _ => null,
    };

    IEnumerable<string> Bare => keys
        .Where(key => alternatives.Contains(key.Name) && key.Shape.AcceptsNothing).Select(key => key.Name);

    string Unknown(Entry entry, string group, Problems problems)
    {
        var near = Nearest.DidYouMean(entry.Key.Value, AllNames);
        problems.Add(entry.Key.At, $"unknown key {entry.Key.Found}", near,
            $"Keys allowed in \"{group}\": {Names(AllNames)}");
        return entry.Key.Value;
    }

    /// <summary>
    /// A key that was misspelt is not missing as well: each unknown one may have been meant for a missing one.
    /// </summary>
    void Missing(Node.Map map, List<string> unknown, Problems problems)
    {
        var group = map.Owner ?? name;
        var meant = unknown.Select(word => Nearest.To(word, AllNames)).ToList();
        var missing = keys.Where(key => key.Required && map.Find(key.Name) is null && !meant.Contains(key.Name));
        foreach (var key in missing.Skip(meant.Count(near => near is null)))
            problems.Add(map.At, $"\"{group}\" needs \"{key.Name}\"", $"{key.Name}: {key.Shape.Wants}");
        if (alternatives.Length == 0) return;
        var given = map.Entries.Where(entry => alternatives.Contains(entry.Key.Value)).ToList();
        if (given.Count == 0 && unknown.Count == 0)
            problems.Add(map.At, $"\"{group}\" needs one of these keys", Names(alternatives));
        if (given.Count > 1)
            problems.Add(given[1].Key.At, $"{given[0].Key.Found} and {given[1].Key.Found} exclude each other",
                "keep one of them");
    }

    bool RefuseAll(Node node, Problems problems)
    {
        if (node is not Node.Text text || alternatives.Length == 0) return Refuse(node, problems);
        var near = Nearest.DidYouMean(text.Value, alternatives);
        var hint = near.Length > 0 ? near : $"write {Wants}";
        problems.Add(text.At, $"{text.Found} is nothing that \"{name}\" knows", hint);
        return false;
    }

    public bool HoldsAnyway(Key key, Entry entry, Problems problems) =>
        EqualityComparer<T>.Default.Equals(start, ((Key<T>)key).Read(start, entry, problems));

    public override JsonObject Schema()
    {
        var group = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        var properties = new JsonObject();
        foreach (var key in keys) properties[key.Name] = key.Schema();
        group["properties"] = properties;
        var required = keys.Where(key => key.Required).Select(key => (JsonNode)key.Name).ToArray();
        if (required.Length > 0) group["required"] = new JsonArray(required);
        if (alternatives.Length > 0)
            group["oneOf"] = new JsonArray([.. alternatives.Select(one =>
                new JsonObject { ["required"] = new JsonArray(one) })]);
        if (AcceptsNothing) group["type"] = new JsonArray("object", "null");
        return Bare.Any()
            ? new()
            {
                ["anyOf"] = new JsonArray(
                    group, new JsonObject { ["enum"] = new JsonArray([.. Bare.Select(n => (JsonNode)n)]) }),
            }
            : group;
    }

    static Node.Text Later(Entry a, Entry b) =>
        (a.Key.At.Line, a.Key.At.Column).CompareTo((b.Key.At.Line, b.Key.At.Column)) > 0 ? a.Key : b.Key;

    static string Names(IEnumerable<string> names) => string.Join(", ", names);

    delegate Problem? Rule(Node.Map map);
}

/// <summary>Where the keys of a map stand, for a check that looks at several of them.</summary>
internal sealed class Places(Node.Map map, Problems problems)
{
    public bool Has(string key) => map.Find(key) is not null;

    /// <summary>Points at the value of the first of these keys that is there, else at the whole.</summary>
    public void Wrong(string key, string message, string hint = "") => problems.Add(Of(key), message, hint);

    public void Doubtful(string key, string message, string hint = "") => problems.Warn(Of(key), message, hint);

    At Of(string key) => map.Find(key) is { } entry ? entry.Value.At : map.At;
}
