using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Api;

/// <summary>
/// What is no in the very reading of a request, or goes wrong on the way, is said in words like every other no.
/// </summary>
sealed class Words(Action<string> tell)
{
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        // Whoever sends nothing has not sent it in a wrong format.
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()
            is { CanHaveBody: false }) request.Headers.ContentType = default;
        // A look without the body; of a stream there is no such look.
        if (HttpMethods.IsHead(request.Method) && request.Path != "/api/v1/events") request.Method = HttpMethods.Get;
        try
        {
            await next(context);
            if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await Of(context, response.StatusCode).ExecuteAsync(context);
        }
        catch (Exception e) when (!response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Of(context, e).ExecuteAsync(context);
        }
    }

    IResult Of(HttpContext context, Exception e)
    {
        switch (e)
        {
            case WrongException: return Answers.Wrong(e.Message);
            case BadHttpRequestException { InnerException: JsonException wrong }: return Of(wrong);
            case BadHttpRequestException bad: return Of(context, bad.StatusCode);
            // A store that does not answer is no mistake of whoever asks, and none of ours.
            case IOException or JournalException: return Answers.NoJournal(e.Message);
        }

        var what = $"{context.Request.Method} {context.Request.Path}";
        var where = e.StackTrace?.Split('\n')[0].Trim();
        tell($"{what} failed, which should not have happened: {e.GetType().Name}: {e.Message} {where}");
        return Answers.Defect($"{what} failed, which should not have happened");
    }

    static IResult Of(JsonException wrong)
    {
        const string advice = "See docs/reference/api.md, or /openapi/v1.json for what each field takes.";
        if (wrong.InnerException is not JsonException && wrong.Path is ['$', '.', .. var field])
            return Answers.Wrong(wrong.Message.Contains("could not be mapped", StringComparison.Ordinal)
                ? $"{field} is not known here"
                : $"{field} is not of the kind that is wanted here", advice);
        var line = wrong.LineNumber is { } number ? $", line {number + 1}" : "";
        return Answers.Wrong($"the body is not the JSON that is wanted{line}", advice);
    }

    static IResult Of(HttpContext context, int status)
    {
        var (method, path) = (context.Request.Method, context.Request.Path);
        return status switch
        {
            StatusCodes.Status404NotFound => Answers.No(status, $"there is nothing at {path}", "See /openapi/v1.json"),
            StatusCodes.Status405MethodNotAllowed =>
                Answers.No(status, $"{path} takes {context.Response.Headers.Allow}, and not {method}"),
            StatusCodes.Status413PayloadTooLarge =>
                Answers.No(status, $"the body is longer than {Limits.BodyMax >> 20} MiB"),
            StatusCodes.Status415UnsupportedMediaType => Answers.No(status,
                $"{path} takes JSON, and not {Kind(context.Request)}", "Send it with Content-Type: application/json"),
            StatusCodes.Status400BadRequest => Answers.Wrong(
                $"{method} {path} cannot be understood: its body, or a value in its address, is missing or wrong",
                "See docs/reference/api.md, or /openapi/v1.json for what is to be sent."),
            _ => Answers.No(status, $"{method} {path} is refused with {status}"),
        };
    }

    static string Kind(HttpRequest request) => request.ContentType ?? "a body that does not say what it is";
}
