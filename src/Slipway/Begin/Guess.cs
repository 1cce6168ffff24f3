using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Begin;

/// <summary>What a folder seems to hold: how its service is called, started, and built.</summary>
/// <param name="Command">As it stands in slipway.yaml; started in <c>builds/{version}</c>.</param>
/// <param name="Build">What somebody types to have version 1.0 there.</param>
internal sealed record Guess(string What, string Service, string Command, string Build)
{
    /// <summary>Variables that tell it where to listen, where its arguments do not.</summary>
    public string? Env { get; init; }

    public static Guess Of(DirectoryInfo folder) =>
        DotNet(folder) ?? Node(folder) ?? Go(folder) ?? Python(folder) ?? new Guess(
            "nothing that is known here", Named(folder.Name), "./app --port {port}",
            "mkdir -p builds/1.0 && cp app builds/1.0/");

    /// <summary>Small letters, digits and dashes, as a service may be called.</summary>
    public static string Named(string name)
    {
        var plain = Regex.Replace(name.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
        return plain.Length == 0 || !char.IsAsciiLetter(plain[0]) ? "app"
            : plain[..Math.Min(40, plain.Length)].Trim('-');
    }

    static Guess? DotNet(DirectoryInfo folder)
    {
        var projects = folder.EnumerateFiles("*.csproj", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 3,
            IgnoreInaccessible = true,
        }).ToList();
        // What serves is a web project; a solution has others around it.
        var web = projects.Where(file => File.ReadAllText(file.FullName).Contains("Sdk.Web", StringComparison.Ordinal));
        if ((web.FirstOrDefault() ?? projects.FirstOrDefault()) is not { } project) return null;
        var name = Path.GetFileNameWithoutExtension(project.Name);
        var path = Path.GetRelativePath(folder.FullName, project.FullName);
        return new($"a .NET project, {path}", Named(name), $"./{name} --urls http://127.0.0.1:{{port}}",
            $"dotnet publish {path} -c Release -o builds/1.0");
    }

    static Guess? Node(DirectoryInfo folder)
    {
        if (Text(folder, "package.json") is not { } text) return null;
        var (name, main) = (folder.Name, "index.js");
        try
        {
            using var package = JsonDocument.Parse(text);
            name = Said(package.RootElement, "name") ?? name;
            main = Said(package.RootElement, "main") ?? main;
        }
        catch (JsonException)
        {
            // Its folder's name will do.
        }

        return new("a Node package, package.json", Named(name), $"node {main}",
            "mkdir -p builds/1.0 && cp -r package.json *.js node_modules builds/1.0/")
        { Env = "{ PORT: \"{port}\" }" };
    }

    static Guess? Go(DirectoryInfo folder)
    {
        if (Text(folder, "go.mod") is not { } text) return null;
        var name = Regex.Match(text, @"^module\s+(\S+)", RegexOptions.Multiline).Groups[1].Value.Split('/')[^1];
        name = name.Length == 0 ? folder.Name : name;
        return new("a Go module, go.mod", Named(name), $"./{name} --port {{port}}",
            $"mkdir -p builds/1.0 && go build -o builds/1.0/{name} .");
    }

    static Guess? Python(DirectoryInfo folder) =>
        (Text(folder, "pyproject.toml") ?? Text(folder, "requirements.txt")) is null ? null
            : new Guess("a Python project", Named(folder.Name), "python3 -m uvicorn app:app --port {port}",
                "mkdir -p builds/1.0 && cp -r *.py builds/1.0/");

    static string? Said(JsonElement package, string key) =>
        package.ValueKind == JsonValueKind.Object && package.TryGetProperty(key, out var said)
        && said.ValueKind == JsonValueKind.String ? said.GetString() : null;

    static string? Text(DirectoryInfo folder, string file)
    {
        var path = Path.Combine(folder.FullName, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
