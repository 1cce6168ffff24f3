using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Begin;

/// <summary>A Node package: started as its start script says when that is node itself, else by its main file.</summary>
internal static class NodeGuess
{
    public static Guess? Of(DirectoryInfo folder)
    {
        if (Guess.Text(folder, "package.json") is not { } text) return null;
        var (name, command) = (folder.Name, (Seq<string>)["node", "index.js"]);
        try
        {
            using var package = JsonDocument.Parse(text);
            var root = package.RootElement;
            name = Said(root, "name") ?? name;
            if (Said(root, "main") is { } main) command = ["node", main];
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("scripts", out var scripts)
                && Said(scripts, "start") is { } start && IsPlain(start)) command = Guess.Words(start);
        }
        catch (JsonException)
        {
            // Its folder's name will do.
        }

        return new("a Node package, package.json", Guess.Named(name), command,
            "mkdir -p builds/1.0 && cp -r package.json *.js node_modules builds/1.0/")
        { Env = "{ PORT: \"{port}\" }" };
    }

    /// <summary>Node and its words: nothing that only a shell understands.</summary>
    static bool IsPlain(string start) => Regex.IsMatch(start, @"^node [\w\s./@=:,-]+$");

    static string? Said(JsonElement package, string key) =>
        package.ValueKind == JsonValueKind.Object && package.TryGetProperty(key, out var said)
        && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
}
