using System.Text.RegularExpressions;

namespace Slipway.Tidy.Rules;

/// <summary>Where things are, and what they are called.</summary>
static partial class Places
{
    static readonly string[] Kinds =
        ["Models", "Helpers", "Utils", "Utilities", "Common", "Services", "Managers", "Misc", "Shared", "Extensions"];

    static readonly string[] Root =
    [
        ".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".gitlab-ci.yml", "CHANGELOG.md",
        "CONTRIBUTING.md", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "README.md", "bench",
        "deploy", "docs", "global.json", "samples", "slipway", "slipway.slnx", "src", "test", "tests",
    ];

    public static IEnumerable<Finding> FoldersOfKinds(Page page) => page.Folders
        .Where(folder => Kinds.Contains(folder, StringComparer.OrdinalIgnoreCase))
        .Select(folder => page.At(1, $"'{folder}' is a kind, not a concept: name it for what its files are about"));

    public static IEnumerable<Finding> StrangersInRoot(Page page) => Root.Contains(page.Path.Split('/')[0])
        ? []
        : [page.At(1, "the root is the cover page: put it under docs, or into the list in Rules/Places.cs")];

    public static IEnumerable<Finding> Leaks(Page page) => page
        .Where(line => Machine().IsMatch(line), "a path of somebody's machine: write it from the root of the tree")
        .Concat(page.Where(
            line => Registry().IsMatch(line), "the address of a registry: that is everybody's own setting"));

    /// <summary>The map names every place of the mind.</summary>
    public static IEnumerable<Finding> Unmapped(IEnumerable<Page> pages, Page map) => pages
        .Where(page => page.Path.StartsWith("src/Slipway.Core/", StringComparison.Ordinal) && page.Folders.Count > 2)
        .Select(page => page.Folders[2]).Distinct()
        .Where(folder => !Regex.IsMatch(map.Text, $@"(`|/){folder}\b"))
        .Select(folder => map.At(1, $"src/Slipway.Core/{folder} is not on the map: say what it is and link to it"));

    [GeneratedRegex(@"(?<![\w.}])/(work|home|root|Users)/[\w.]|/tmp/bash")]
    private static partial Regex Machine();

    [GeneratedRegex(@"https?://[\w.-]*(nuget\.org|npmjs\.(org|com)|pypi\.org|pythonhosted\.org|crates\.io)")]
    private static partial Regex Registry();
}
