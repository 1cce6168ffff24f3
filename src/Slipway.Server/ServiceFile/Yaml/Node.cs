namespace Slipway.ServiceFile.Yaml;

/// <summary>
/// YAML as a tree in which everything knows its place. What stands under a key has the place of that key: a list or a
/// map has no better one to point at.
/// </summary>
internal abstract record Node(At At)
{
    /// <summary>How a message calls what was found.</summary>
    public abstract string Found { get; }

    internal sealed record Text(At At, string Value, bool Quoted) : Node(At)
    {
        public bool IsNothing => !Quoted && Value is "" or "~" or "null";
        public override string Found => IsNothing ? "nothing" : $"\"{Shortened(Value)}\"";
    }

    internal sealed record List(At At, IReadOnlyList<Node> Items) : Node(At)
    {
        public override string Found => "a list";
    }

    /// <summary><paramref name="Owner"/> is the key that it stands under; none in a list and at the top.</summary>
    internal sealed record Map(At At, IReadOnlyList<Entry> Entries, string? Owner = null) : Node(At)
    {
        public override string Found => "a group of keys";
        public Entry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Value == key);
    }

    internal static Text Nothing(At at) => new(at, "", false);

    static string Shortened(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 40 ? line : line[..39] + "…";
    }
}

internal sealed record Entry(Node.Text Key, Node Value);
