using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Slipway.Client;
using Slipway.ServiceFile;

namespace Slipway.Api;

/// <summary>How the API says no: RFC 9457, with what to do about it.</summary>
static class Answers
{
    /// <summary>Read by people too: a quote stays a quote.</summary>
    static readonly ContractsJson Readable = new(new(ContractsJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static IResult No(int status, string title, string? advice = null) =>
        Of(new ApiProblem(title, status) { Advice = advice });

    public static IResult NoService(string name, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var near = Nearest.To(name, names) is { } like ? $"Did you mean {like}?"
            : names.Count == 0 ? "There is none yet: slipway up slipway.yaml"
            : $"There are: {string.Join(", ", names.Take(8))}";
        return No(StatusCodes.Status404NotFound, $"there is no service \"{name}\"", near);
    }

    /// <summary>A command that was refused: nothing has changed.</summary>
    public static IResult Refused(string why) => No(StatusCodes.Status409Conflict, why);

    /// <summary>What was asked cannot be understood.</summary>
    public static IResult Wrong(string what, string? advice = null) =>
        No(StatusCodes.Status400BadRequest, what, advice);

    /// <summary>A fault of ours: what there is to know of it stands in the log.</summary>
    public static IResult Defect(string what) => No(StatusCodes.Status500InternalServerError, what,
        "That is a fault of Slipway: nothing has changed. What slipway up has written says more.");

    public static IResult Stopped(string why) => No(StatusCodes.Status503ServiceUnavailable, why,
        "What runs goes on. To look after it again: end slipway up, and start it anew.");

    /// <summary>Nothing is known to have changed; the same wish under the same key is done once.</summary>
    public static IResult NoJournal(string why) => No(StatusCodes.Status503ServiceUnavailable, why,
        "What runs goes on. Try again when the store is back; with the same Idempotency-Key it is done once.");

    public static IResult Of(SlipwayFile file) => Of(
        new ApiProblem($"{file.Path} has {file.Errors} {(file.Errors == 1 ? "error" : "errors")}",
            StatusCodes.Status422UnprocessableEntity)
        {
            Problems = [.. file.Problems.Select(problem => new FileProblem(
                file.Path, problem.At.Line, problem.At.Column, problem.At.Column + problem.At.Length,
                problem.Severity == ProblemSeverity.Error ? "error" : "warning", problem.Message,
                problem.Hint.Length > 0 ? problem.Hint : null, problem.More))],
        });

    public static IResult Of(ApiProblem problem) => Results.Json(
        problem, Readable.ApiProblem, "application/problem+json", problem.Status);
}
