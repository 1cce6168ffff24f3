using System.Text.RegularExpressions;

namespace Slipway.Tidy.Rules;

/// <summary>An interface stands where two things really differ: the real one and the simulated one count.</summary>
static partial class Interfaces
{
    const string Here = "tests/Slipway.Tidy.Tests/Rules/Interfaces.cs";

    /// <summary>With less than two, and why. Whoever adds the second takes the line away.</summary>
    public static readonly IReadOnlyDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["IKeys"] = "MapShape<T> without its T, which has as many forms as there are maps",
    };

    public static IEnumerable<Finding> Lonely(
        IReadOnlyCollection<Page> pages, IReadOnlyDictionary<string, string> exceptions)
    {
        var code = pages.Where(page => page.IsCode && (page.IsSource || page.IsTest))
            .Select(page => (page, text: Blank.Of(page.Text))).ToList();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (page, text) in code.Where(x => x.page.IsSource))
            foreach (Match declared in Declaration().Matches(text))
            {
                var name = declared.Groups["name"].Value;
                var line = 1 + text.AsSpan(0, declared.Index).Count('\n');
                var count = code.Sum(x => Implementing(name).Count(x.text));
                found.Add(name);
                if (count < 2 && !exceptions.ContainsKey(name))
                    yield return page.At(line, $"{name} has {count} implementing types in src and tests: a sealed " +
                        "class or a Func says the same, or there is a second one to write");
                if (count >= 2 && exceptions.ContainsKey(name))
                    yield return page.At(line, $"{name} has {count} by now: take it off the list in {Here}");
            }

        foreach (var gone in exceptions.Keys.Except(found))
            yield return new(Here, 1, $"{gone} is no interface any more: take it off the list");
    }

    /// <summary>Behind the colon or a comma of a type's head; a parameter has a name behind it.</summary>
    static Regex Implementing(string name) => new($@"[:,]\s*{name}(<[^;{{}}()]*>)?\s*(?=[,;{{]|where\b|$)",
        RegexOptions.Multiline);

    [GeneratedRegex(@"\binterface\s+(?<name>I[A-Z]\w*)")]
    private static partial Regex Declaration();
}
