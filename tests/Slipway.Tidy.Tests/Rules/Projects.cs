using System.Xml.Linq;

namespace Slipway.Tidy.Rules;

/// <summary>A project stands where it forbids something. Here is what each may see.</summary>
static class Projects
{
    static readonly Dictionary<string, string[]> MaySee = new(StringComparer.Ordinal)
    {
        ["Slipway.Core"] = [],
        ["Slipway.Flags"] = [],
        ["Slipway.Schema"] = [],
        ["Slipway.Client"] = ["Slipway.Flags"],
        ["Slipway.Gateway"] = ["Slipway.Core"],
        ["Slipway.Dashboard"] = ["Slipway.Client"],
        ["Slipway.Server"] =
        [
            "Slipway.Core", "Slipway.Flags", "Slipway.Schema", "Slipway.Client", "Slipway.Gateway", "Slipway.Dashboard",
        ],
        ["Slipway"] = ["Slipway.Server", "Slipway.Gateway", "Slipway.Client", "Shop"],
    };

    /// <summary>Projects without packages: what they promise rests on nothing but the base library.</summary>
    static readonly string[] Bare = ["Slipway.Core", "Slipway.Flags"];

    public static IEnumerable<Finding> References(Page page)
    {
        var name = page.Name[..^".csproj".Length];
        if (!page.IsSource) yield break;
        if (!MaySee.TryGetValue(name, out var allowed))
        {
            yield return page.At(1, $"{name} is new: say in Rules/Projects.cs which projects it may see");
            yield break;
        }

        foreach (var reference in Included(page, "ProjectReference"))
            if (NameOf(reference) is var seen && !allowed.Contains(seen))
                yield return page.At(LineOf(page, reference), $"{name} must not see {seen}: turn the dependency " +
                    "around, with a port beside its consumer");
    }

    public static IEnumerable<Finding> Packages(Page page)
    {
        if (!page.IsSource || !Bare.Contains(page.Name[..^".csproj".Length])) yield break;
        foreach (var package in Included(page, "PackageReference").Concat(Included(page, "FrameworkReference")))
            if (!package.EndsWith("Analyzers", StringComparison.Ordinal) && package != "Meziantou.Analyzer")
                yield return page.At(LineOf(page, package), $"{package} does not belong here: the base library " +
                    "alone, what needs more goes behind a port");
    }

    static IEnumerable<string> Included(Page page, string element) => XDocument.Parse(page.Text).Descendants(element)
        .Select(reference => (string?)reference.Attribute("Include") ?? "");

    static string NameOf(string reference) => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));

    static int LineOf(Page page, string text) =>
        1 + page.Lines.TakeWhile(line => !line.Contains(text, StringComparison.Ordinal)).Count();
}
