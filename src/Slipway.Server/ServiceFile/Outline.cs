using Slipway.ServiceFile.Yaml;

namespace Slipway.ServiceFile;

/// <summary>Finds where a key stands from its path, for what can be said only of the whole file.</summary>
internal sealed class Outline(Node root, Problems problems)
{
    public bool Has(params string[] path) => Find(path) is { Found: true };

    public void Wrong(string[] path, string message, string hint = "") => problems.Add(Find(path).At, message, hint);

    public void Doubtful(string[] path, string message, string hint = "") =>
        problems.Warn(Find(path).At, message, hint);

    /// <summary>
    /// The key at the path, or the nearest one above that is there; a number counts the items of a list.
    /// </summary>
    public (At At, bool Found) Find(string[] path)
    {
        var node = root;
        var at = At.Start;
        foreach (var name in path)
            if (node is Node.Map map && map.Find(name) is { } entry) (node, at) = (entry.Value, entry.Key.At);
            else if (node is Node.List list && int.TryParse(name, out var index))
                (node, at) = (list.Items[index], list.Items[index].At);
            else return (at, false);
        return (at, true);
    }
}
