using System.Text.RegularExpressions;

namespace Slipway.Begin;

/// <summary>What a folder seems to hold: how its service is called, started, and built.</summary>
/// <param name="Command">The program and its arguments; started in a folder of <see cref="Builds"/>.</param>
/// <param name="Build">What somebody types to have version 1.0 there.</param>
internal sealed record Guess(string What, string Service, Seq<string> Command, string Build)
{
    /// <summary>Where the folder of each version lies.</summary>
    public string Builds { get; init; } = "builds";

    /// <summary>Variables that tell it where to listen, where its arguments do not.</summary>
    public string? Env { get; init; }

    public static Guess Of(DirectoryInfo folder) =>
        DotNetGuess.Of(folder) ?? NodeGuess.Of(folder) ?? Go(folder) ?? PythonGuess.Of(folder) ?? new Guess(
            "nothing that is known here", Named(folder.Name), ["./app", "--port", "{port}"],
            "mkdir -p builds/1.0 && cp app builds/1.0/");

    /// <summary>Small letters, digits and dashes, as a service may be called.</summary>
    public static string Named(string name)
    {
        var plain = Regex.Replace(name.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');
        return plain.Length == 0 || !char.IsAsciiLetter(plain[0]) ? "app"
            : plain[..Math.Min(40, plain.Length)].Trim('-');
    }

    /// <summary>Null where there is no such file, or none that can be read.</summary>
    public static string? Text(DirectoryInfo folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder.FullName, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Of a line in which nothing is quoted.</summary>
    public static Seq<string> Words(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToSeq();

    /// <summary>As one word for a shell.</summary>
    public static string Typed(string word) =>
        Regex.IsMatch(word, @"^[\w./@=:,+-]+$") ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    static Guess? Go(DirectoryInfo folder)
    {
        if (Text(folder, "go.mod") is not { } text) return null;
        var parts = Regex.Match(text, @"^module\s+(\S+)", RegexOptions.Multiline).Groups[1].Value.Split('/');
        // The last part of a path may be no name, but the module's major version.
        var name = parts.LastOrDefault(part => !Regex.IsMatch(part, @"^v\d+$")) is { Length: > 0 } last
            ? last
            : folder.Name;
        return new("a Go module, go.mod", Named(name), [$"./{name}", "--port", "{port}"],
            $"mkdir -p builds/1.0 && go build -o {Typed($"builds/1.0/{name}")} .");
    }
}
