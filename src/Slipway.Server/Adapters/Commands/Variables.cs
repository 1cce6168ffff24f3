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

    public Dictionary<string, string> Basic() => Passed
        .Select(name => (Name: name, Value: read(name)))
        .Where(variable => variable.Value is not null)
        .ToDictionary(variable => variable.Name, variable => variable.Value!, StringComparer.Ordinal);

    public string Resolve(string text) => Reference().Replace(text, match =>
        read(match.Groups[1].Value) ?? throw new MissingVariableException(match.Groups[1].Value));

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference();
}

sealed class MissingVariableException(string name)
    : Exception($"{name} is not set where the server runs: set it there, or take ${{{name}}} out of slipway.yaml.")
{
    public string Name => name;
}
