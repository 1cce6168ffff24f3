using System.Text.RegularExpressions;

namespace Slipway.Adapters.Sources;

/// <summary>The names in braces that a question to another system may hold.</summary>
sealed partial record Template
{
    public static readonly string[] Names =
        ["{service}", "{environment}", "{version}", "{fleet}", "{role}", "{window}", "{step}"];

    static readonly string[] Sides = ["{version}", "{fleet}", "{role}"];

    public required string Service { get; init; }
    public required string Environment { get; init; }
    public required string Version { get; init; }
    public required string Fleet { get; init; }
    public required string Role { get; init; }
    public required TimeSpan Window { get; init; }

    /// <summary>How often the source is asked.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>Both sides can be asked, each for itself.</summary>
    public static bool TellsSides(string text) =>
        Sides.Any(side => text.Contains(side, StringComparison.Ordinal));

    /// <summary>Null when every name in braces is known.</summary>
    public static string? Problem(string text) =>
        Place().Matches(text).FirstOrDefault(match => !Names.Contains(match.Value)) is { } unknown
            ? $"nothing is known by the name {unknown.Value}"
            : null;

    public static string Sample(string text) => new Template
    {
        Service = "shop",
        Environment = "production",
        Version = "1.0",
        Fleet = "r1",
        Role = "stable",
        Window = TimeSpan.FromMinutes(1),
        Step = TimeSpan.FromSeconds(5),
    }.Fill(text);

    /// <param name="written">How a value is written where it is put; as it is when not given.</param>
    public string Fill(string text, Func<string, string>? written = null) => Place().Replace(text, match =>
        Of(match.Value) is { } value ? written?.Invoke(value) ?? value : match.Value);

    string? Of(string name) => name switch
    {
        "{service}" => Service,
        "{environment}" => Environment,
        "{version}" => Version,
        "{fleet}" => Fleet,
        "{role}" => Role,
        "{window}" => Promql.Duration(Window),
        "{step}" => Promql.Duration(Step),
        _ => null,
    };

    // A reference like ${NAME} is somebody else's, and {2} in a regular expression too.
    [GeneratedRegex(@"(?<!\$)\{[a-z]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
