using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Slipway.Adapters.Commands;

/// <summary>
/// References like ${SHOP_DB}, resolved when used and never kept: what is journalled holds the reference, not the
/// secret.
/// </summary>
sealed partial class Variables(Func<string, string?> read)
{
    /// <summary>
    /// What nearly every program needs, and nothing that is ours: no token, no address, no runtime switch.
    /// </summary>
    static readonly string[] Passed = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT"];

    const int SecretMin = 6;

    readonly ConcurrentDictionary<string, string> _resolved = new(StringComparer.Ordinal);

    public Dictionary<string, string> Basic() => Passed
        .Select(name => (Name: name, Value: read(name)))
        .Where(variable => variable.Value is not null)
        .ToDictionary(variable => variable.Name, variable => variable.Value!, StringComparer.Ordinal);

    public string Resolve(string text) => Reference().Replace(text, match => Read(match.Groups[1].Value));

    /// <summary>A text in which what was resolved here stands as the reference again.</summary>
    public string Hidden(string text)
    {
        foreach (var (value, name) in _resolved.OrderByDescending(each => each.Key.Length))
            text = text.Replace(value, $"${{{name}}}", StringComparison.Ordinal);
        return text;
    }

    string Read(string name)
    {
        var value = read(name) ?? throw new MissingVariableException(name);
        // What is shorter is no secret, and stands in every other word.
        if (value.Length >= SecretMin) _resolved[value] = name;
        return value;
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference();
}

sealed class MissingVariableException(string name)
    : Exception($"{name} is not set where the server runs: set it there, or take ${{{name}}} out of slipway.yaml.")
{
    public string Name => name;
}
