using System.Text.RegularExpressions;

namespace Slipway.Begin;

/// <summary>
/// A project that serves: of a web SDK, else one that is a program. Libraries and tests around it are no services.
/// </summary>
internal static class DotNetGuess
{
    sealed record Project(FileInfo File, string Text)
    {
        public bool IsWeb => Text.Contains("Sdk.Web", StringComparison.Ordinal);
        public bool IsProgram => Regex.IsMatch(Text, @"<OutputType>\s*(Win)?Exe|Sdk\.Worker");
        public string Name => Regex.Match(Text, @"<AssemblyName>\s*([^<$]+?)\s*<").Groups[1] is { Success: true } named
            ? named.Value
            : Path.GetFileNameWithoutExtension(File.Name);
    }

    public static Guess? Of(DirectoryInfo folder)
    {
        var projects = folder.EnumerateFiles("*.csproj", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 3,
            IgnoreInaccessible = true,
        }).Select(file => new Project(file, Guess.Text(file.Directory!, file.Name) ?? "")).ToList();
        var fitting = projects.Where(project => project.IsWeb).ToList() is { Count: > 0 } web
            ? web
            : projects.Where(project => project.IsProgram).ToList();
        if (fitting is not [var first, ..]) return null;

        string PathOf(Project project) => Path.GetRelativePath(folder.FullName, project.File.FullName);
        var others = string.Join(", ", fitting.Skip(1).Select(PathOf));
        // What lies below the project is copied into its next build, but for folders whose name begins with a dot.
        var builds = first.File.DirectoryName == folder.FullName ? ".builds" : "builds";
        return new($"a .NET project, {PathOf(first)}{(others.Length == 0 ? "" : $" (and not {others})")}",
            Guess.Named(first.Name), [$"./{first.Name}", "--urls", "http://127.0.0.1:{port}"],
            $"dotnet publish {Guess.Typed(PathOf(first))} -c Release -o {builds}/1.0")
        { Builds = builds };
    }
}
