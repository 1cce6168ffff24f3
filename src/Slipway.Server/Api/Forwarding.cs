using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Slipway.Api;

/// <summary>
/// A node that stands by sees no instances and counts nothing: what is asked of services and releases is passed on to
/// the node that does. When that one does not answer, the journal does.
/// </summary>
sealed class Forwarding(Func<Uri?> seeing) : IDisposable
{
    const string Passed = "Slipway-Forwarded";

    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = Limits.ForwardMax,
    };

    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        if (!IsAsked(context.Request) || seeing() is not { } node || !await Ask(node, context)) await next(context);
    }

    public void Dispose() => _http.Dispose();

    static bool IsAsked(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && !request.Headers.ContainsKey(Passed)
        && (request.Path.StartsWithSegments("/api/v1/services") || request.Path.StartsWithSegments("/api/v1/releases"));

    /// <summary>False when there was no answer of use: what the other has not heard of yet may be known here.</summary>
    async Task<bool> Ask(Uri node, HttpContext context)
    {
        try
        {
            var request = context.Request;
            using var question = new HttpRequestMessage(
                HttpMethod.Get, new Uri(node, $"{request.Path}{request.QueryString}"));
            question.Headers.Add(Passed, "1");
            if (request.Headers.Authorization is [{ } token])
                question.Headers.TryAddWithoutValidation("Authorization", token);
            using var answer = await _http.SendAsync(question, context.RequestAborted);
            if (!answer.IsSuccessStatusCode) return false;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return true;
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
            && e is HttpRequestException or OperationCanceledException or SocketException)
        {
            return false;
        }
    }
}
