using System.Text.RegularExpressions;

namespace Slipway.Releases;

/// <summary>What a version may be called. Paths and commands are made from it, so it is asked before any is.</summary>
public static partial class VersionName
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string version) => Allowed().IsMatch(version)
        ? null
        : $"\"{version}\" is not a version: letters, digits and . _ + - are allowed, 128 at most.";

    /// <summary>The folders "." and ".." are no versions.</summary>
    [GeneratedRegex(@"\A(?!\.{1,2}\z)[A-Za-z0-9._+-]{1,128}\z")]
    private static partial Regex Allowed();
}
