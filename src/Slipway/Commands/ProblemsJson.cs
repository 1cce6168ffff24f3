using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.ServiceFile;

namespace Slipway.Commands;

/// <summary>One problem as scripts read it. A contract: only ever add to it.</summary>
internal sealed record ProblemReport(
    string File, int Line, int Column, int EndColumn, string Severity, string Message, string? Hint, string? More);

/// <summary>What a command says instead of its object when the file is wrong.</summary>
internal sealed record ProblemsReport(IEnumerable<ProblemReport> Problems);

[JsonSerializable(typeof(IEnumerable<ProblemReport>))]
[JsonSerializable(typeof(ProblemsReport))]
internal sealed partial class ProblemsJson : JsonSerializerContext
{
    static readonly ProblemsJson Readable = new(ReadableJson.With(JsonIgnoreCondition.WhenWritingNull));

    public static string List(SlipwayFile file) =>
        JsonSerializer.Serialize(Reports(file), Readable.IEnumerableProblemReport);

    public static string Object(SlipwayFile file) =>
        JsonSerializer.Serialize(new(Reports(file)), Readable.ProblemsReport);

    static IEnumerable<ProblemReport> Reports(SlipwayFile file) => file.Problems.Select(problem => new ProblemReport(
        file.Path, problem.At.Line, problem.At.Column, problem.At.Column + problem.At.Length,
        problem.Severity == ProblemSeverity.Error ? "error" : "warning",
        problem.Message, problem.Hint.Length > 0 ? problem.Hint : null, problem.More));
}
