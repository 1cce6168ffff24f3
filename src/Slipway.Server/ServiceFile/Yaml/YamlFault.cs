using YamlDotNet.Core;

namespace Slipway.ServiceFile.Yaml;

/// <summary>A parser tells what it expected; a person wants to know what to write.</summary>
internal static class YamlFault
{
    public static string InPlainWords(YamlException fault) => fault.Message switch
    {
        var m when m.Contains("did not find expected ',' or", StringComparison.Ordinal) =>
            "this is not valid YAML: a bracket or quote is missing",
        var m when m.Contains("cannot start any token", StringComparison.Ordinal) =>
            "this character can't start a value",
        var m when m.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase) =>
            "a value that contains \": \" needs quotes",
        var m when m.Contains("did not find expected key", StringComparison.Ordinal) =>
            "this line is indented differently from its neighbours",
        var m when m.Contains("unexpected end of stream", StringComparison.Ordinal) =>
            "this quote is never closed",
        _ => "this is not valid YAML",
    };

    /// <summary>The commonest mistake by far: <c>{ slack: ${URL} }</c>, where the reference opens a map of its own.</summary>
    public static string Hint(YamlException fault, IReadOnlyList<string> lines)
    {
        var line = lines[Math.Clamp((int)fault.Start.Line - 1, 0, lines.Count - 1)];
        var reference = line.IndexOf("${", StringComparison.Ordinal);
        return reference > 0 && line[reference - 1] is ' ' or '[' or '{' or ','
            ? "put ${…} in quotes: \"${NAME}\""
            : "";
    }

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
