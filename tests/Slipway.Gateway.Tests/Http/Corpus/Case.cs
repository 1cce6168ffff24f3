using System.Text;
using System.Text.RegularExpressions;
using Slipway.Support;

namespace Slipway.Gateway.Http.Corpus;

/// <summary>What a client sends over one connection, and what becomes of it.</summary>
public sealed partial record Case(string Name, string Section, byte[] Bytes, IReadOnlyList<string> Outcome, string Why)
{
    public static IReadOnlyList<Case> All { get; } = [.. Read()];

    public override string ToString() => Name;

    static IEnumerable<Case> Read() => Directory
        .EnumerateFiles(Repository.File("tests", "Slipway.Gateway.Tests", "Http", "Corpus"), "*.txt")
        .Order(StringComparer.Ordinal)
        .SelectMany(file => Form().Matches(File.ReadAllText(file)).Select(Of));

    static Case Of(System.Text.RegularExpressions.Match match) => new(
        match.Groups["name"].Value,
        match.Groups["section"].Value,
        Unescaped(Repeated(match.Groups["bytes"].Value.Replace("\n", "", StringComparison.Ordinal))),
        match.Groups["outcome"].Value.Split(", "),
        match.Groups["why"].Value);

    /// <summary>From the inside out, so that a repeated part may repeat a part of its own.</summary>
    static string Repeated(string text)
    {
        while (Repetition().IsMatch(text))
            text = Repetition().Replace(text, match => string.Concat(
                Enumerable.Repeat(match.Groups[2].Value, int.Parse(match.Groups[1].Value))));
        return text;
    }

    static byte[] Unescaped(string text) => Encoding.Latin1.GetBytes(Escape().Replace(text, Byte));

    static string Byte(System.Text.RegularExpressions.Match match) => match.Value[1] switch
    {
        'r' => "\r",
        'n' => "\n",
        't' => "\t",
        '0' => "\0",
        'x' => ((char)Convert.ToByte(match.Value[2..], 16)).ToString(),
        _ => "\\",
    };

    [GeneratedRegex(
        @"^## (?<name>[^\n]+) \[(?<section>[^\]\n]+)\]\n(?<bytes>((?!=> )[^\n]*\n)*)" +
        @"=> (?<outcome>[^:\n]+): (?<why>[^\n]+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"\{(\d+) x ([^{}]*)\}")]
    private static partial Regex Repetition();

    [GeneratedRegex(@"\\(x[0-9a-f]{2}|[rnt0\\])")]
    private static partial Regex Escape();
}
