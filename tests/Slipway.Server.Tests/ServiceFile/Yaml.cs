using Slipway.ServiceFile;
using Slipway.Specification;

namespace Slipway.Tests.ServiceFile;

/// <summary>Small files for tests: what a test is about, with the rest that a file needs.</summary>
internal static class Yaml
{
    public const string Head = """
        service: shop
        runtime: { process: { command: "./shop --port {port}" } }

        """;

    public static SlipwayFile Read(string text) => SlipwayFile.Read("slipway.yaml", text);

    /// <summary>The specification of a file that must be valid.</summary>
    public static ServiceSpec Spec(string keys)
    {
        var file = Read(Head + keys);
        file.Problems.Where(problem => problem.Severity == ProblemSeverity.Error).ShouldBeEmpty();
        return file.Spec.ShouldNotBeNull();
    }

    /// <summary>What is said about a file, a line each.</summary>
    public static string Told(SlipwayFile file) =>
        file.Problems.Count == 0 ? "fine" : string.Join('\n', file.Problems.Select(problem =>
        $"{problem.At.Line}:{problem.At.Column}+{problem.At.Length} " +
            $"{problem.Severity.ToString().ToLowerInvariant()}: {problem.Message}"
        + (problem.Hint.Length > 0 ? $"\n    ^ {problem.Hint}" : "") + (problem.More is null ? ""
            : $"\n    {problem.More}")));
}
