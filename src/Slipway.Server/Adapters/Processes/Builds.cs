using System.Text.RegularExpressions;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>A version that is not there, and what is.</summary>
public sealed record BuildProblem(string What, string Hint);

/// <summary>The folders and programs of versions. What is missing is told before anything is started.</summary>
public static partial class Builds
{
    const string Version = "{version}";

    /// <summary>Null when the version can be started, as far as can be told from outside.</summary>
    public static BuildProblem? Problem(ServiceSpec spec, string root, string version)
    {
        if (spec.Runtime is not RuntimeSpec.Process process) return null;
        var folder = Fill(process.Directory, version);
        if (folder.Contains("${", StringComparison.Ordinal)) return null; // only the server knows, when it starts it
        var directory = Path.GetFullPath(folder, root);
        if (!Directory.Exists(directory))
            return new($"{folder} does not exist",
                $"slipway.yaml says directory: {process.Directory}.{Others(process.Directory, root)}");

        var program = Fill(process.Command[0], version).Replace("{directory}", directory, StringComparison.Ordinal);
        return program.Contains('/') && !program.Contains('$') && !File.Exists(Path.Combine(directory, program))
            ? new($"{Path.Combine(folder, program)} does not exist",
                $"slipway.yaml says command: {string.Join(' ', process.Command)}")
            : OfVariables(process, root);
    }

    static BuildProblem? OfVariables(RuntimeSpec.Process process, string root)
    {
        try
        {
            foreach (var file in process.EnvFiles) _ = EnvFile.Read(Path.GetFullPath(file, root)).ToList();
            return null;
        }
        catch (IOException e)
        {
            return new(e.Message.TrimEnd('.'), $"slipway.yaml says envFiles: {string.Join(", ", process.EnvFiles)}");
        }
    }

    static string Others(string pattern, string root)
    {
        var at = pattern.IndexOf(Version, StringComparison.Ordinal);
        if (at < 0) return "";
        var begin = pattern.LastIndexOf('/', at) + 1;
        var end = pattern.IndexOf('/', at) is >= 0 and var slash ? slash : pattern.Length;
        var parent = Path.GetFullPath(pattern[..begin], root);
        if (!Directory.Exists(parent)) return $" {parent} does not exist either.";
        var name = new Regex($"^{Regex.Escape(pattern[begin..end]).Replace(@"\{version}", "(.+)")}$");
        var found = Directory.EnumerateDirectories(parent)
            .Select(path => name.Match(Path.GetFileName(path)))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .OrderByDescending(InOrder, StringComparer.Ordinal)
            .ToList();
        var shown = string.Join(", ", found.Take(Limits.VersionsShown).Reverse());
        return found.Count switch
        {
            0 => " There is none yet.",
            <= Limits.VersionsShown => $" There are: {shown}",
            _ => $" The newest of {found.Count} are: {shown}",
        };
    }

    /// <summary>Numbers by their size: 1.10 comes after 1.9.</summary>
    static string InOrder(string version) => Digits().Replace(version, digits => digits.Value.PadLeft(20, '0'));

    static string Fill(string text, string version) => text.Replace(Version, version, StringComparison.Ordinal);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
