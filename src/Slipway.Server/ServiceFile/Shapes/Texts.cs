using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.ServiceFile.Shapes;

/// <summary>Text of several kinds. A reference like <c>${SHOP_DB}</c> stays as it is written.</summary>
internal static class Texts
{
    public const string VariableName = "^[A-Za-z_][A-Za-z0-9_]*$";

    static readonly SearchValues<char> VariableLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    const string AnyScalar = """{ "type": ["string", "number", "boolean"] }""";

    public static readonly Shape<string> Any = new ScalarShape<string>("text", AnyScalar, Checked);

    public static readonly Shape<string> UrlPath = new ScalarShape<string>("a path, like /ready",
        """{ "type": "string", "pattern": "^/" }""",
        text => text.StartsWith('/') && !text.Any(char.IsWhiteSpace)
            ? Checked(text)
            : new(null, $"\"{text}\" is not a path", $"a path starts with /, like /{text.TrimStart('.', '/')}"));

    public static readonly Shape<string> Url = new ScalarShape<string>("an address, like https://example.com/hook",
        """{ "type": "string", "pattern": "^(https?://|\\$\\{)" }""",
        text => text.StartsWith("${", StringComparison.Ordinal) ? Checked(text)
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new(text)
            : new(null, $"\"{text}\" is not a web address"));

    /// <summary>A program and its arguments: as one text that is taken apart, or as the list itself.</summary>
    public static readonly Shape<Seq<string>> Command = new EitherShape<Seq<string>>(
        new ScalarShape<Seq<string>>("a command, like ./shop --port {port}", """{ "type": "string" }""",
            CommandLine.Split),
        Lists.Of(Any).Check((words, problems) =>
        {
            if (words.All.Count == 0) problems.Add(words.At, "a command without a program", "name the program first");
        }));

    public static Shape<string> Named(string wants, string pattern) => new ScalarShape<string>(wants,
        new JsonObject { ["type"] = new JsonArray("string", "number"), ["pattern"] = pattern }.ToJsonString(),
        text => Matches(text, pattern) ? new(text) : new(null, $"\"{text}\" can't stand here"));

    public static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Refuses a reference that would silently stay text.</summary>
    public static Parsed<string> Checked(string text)
    {
        var at = -1;
        while ((at = text.IndexOf("${", at + 1, StringComparison.Ordinal)) >= 0)
        {
            var end = text.IndexOf('}', at);
            if (end < 0 || !IsVariableName(text.AsSpan(at + 2, end - at - 2)))
                return new(null, "this reference is not complete",
                    "a reference looks like ${NAME}, with letters, digits and _");
        }
        return new(text);
    }

    public static bool IsVariableName(ReadOnlySpan<char> name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(VariableLetters);
}
