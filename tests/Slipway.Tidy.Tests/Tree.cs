using System.Diagnostics;
using Slipway.Support;

namespace Slipway.Tidy;

/// <summary>The files of this project: those that are tracked, and those that would be with the next commit.</summary>
static class Tree
{
    static readonly string[] Binary = [".db", ".gz", ".ico", ".png", ".woff2"];
    static readonly string[] Made = [".build", ".git", ".slipway", ".vs", ".vscode", "bin", "node_modules", "obj"];

    public static IReadOnlyList<Page> Pages { get; } =
        [.. Paths().Order(StringComparer.Ordinal).Where(IsText).Select(path => new Page(path, Read(path)))];

    public static bool Has(string path) => Path.Exists(Repository.File(path));

    static IEnumerable<string> Paths() =>
        Has(".git") ? Listed().Where(path => File.Exists(Repository.File(path))) : Walked(Repository.Root);

    static bool IsText(string path) => !Binary.Contains(Path.GetExtension(path));

    static string Read(string path) => File.ReadAllText(Repository.File(path)).ReplaceLineEndings("\n");

    static string[] Listed()
    {
        string[] arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        using var git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        })!;
        var paths = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, "git could not list the files of this project");
        return paths.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A copy without its history has no list of files.</summary>
    static IEnumerable<string> Walked(string folder) => Directory.EnumerateFiles(folder)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !Made.Contains(Path.GetFileName(inner)))
            .SelectMany(Walked));
}
