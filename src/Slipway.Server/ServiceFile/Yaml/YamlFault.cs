using YamlDotNet.Core;

namespace Slipway.ServiceFile.Yaml;

/// <summary>A parser tells what it expected; a person wants to know what to write.</summary>
internal static class YamlFault
{
    static readonly string[] Placeholders = ["{port}", "{version}", "{instance}", "{directory}"];

    const string Indented = "this line is indented differently from its neighbours";

    public static string InPlainWords(YamlException fault, IReadOnlyList<string> lines) => fault.Message switch
    {
        var m when m.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase)
            && BeginsWithItsKey(Line(fault, lines), fault) => Indented,
        var m when m.Contains("did not find expected ',' or", StringComparison.Ordinal) =>
            "this is not valid YAML: a bracket or quote is missing",
        var m when m.Contains("cannot start any token", StringComparison.Ordinal) =>
            "this character can't start a value",
        var m when m.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase) =>
            "a value that contains \": \" needs quotes",
        var m when m.Contains("did not find expected key", StringComparison.Ordinal) =>
            Indented,
        var m when m.Contains("unexpected end of stream", StringComparison.Ordinal) =>
            "this quote is never closed",
        _ => "this is not valid YAML",
    };

    /// <summary>
    /// The commonest mistake by far: <c>{ slack: ${URL} }</c>, where the reference opens a map of its own.
    /// </summary>
    public static string Hint(YamlException fault, IReadOnlyList<string> lines)
    {
        var line = Line(fault, lines);
        if (Placeholders.Any(name => line.Contains(name, StringComparison.Ordinal)))
            return "put text with {…} in quotes";
        var reference = line.IndexOf("${", StringComparison.Ordinal);
        return reference > 0 && line[reference - 1] is ' ' or '[' or '{' or ','
            ? "put ${…} in quotes: \"${NAME}\""
            : "";
    }

    static string Line(YamlException fault, IReadOnlyList<string> lines) =>
        lines[Math.Clamp((int)fault.Start.Line - 1, 0, lines.Count - 1)];

    static bool BeginsWithItsKey(string line, YamlException fault) =>
        line[..Math.Clamp((int)fault.Start.Column - 1, 0, line.Length)].Trim() is { Length: > 0 } key
            && key.All(c => char.IsLetterOrDigit(c) || c is '_' or '-');

    public static At LastOpenBracket(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var opened = lines[i].Count(c => c is '{' or '[');
            if (opened > lines[i].Count(c => c is '}' or ']'))
                return new(i + 1, lines[i].LastIndexOfAny(['{', '[']) + 1, 1);
        }
        return At.Start;
    }
}
