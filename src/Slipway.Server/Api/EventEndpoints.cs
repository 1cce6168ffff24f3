using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;

namespace Slipway.Api;

/// <summary>Server-sent events: what happens from now on. Whoever was away reads the releases' events first.</summary>
static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder app, News news) =>
        app.MapGet("/api/v1/events", (HttpContext context, CancellationToken _) => Stream(news, context))
            .WithName("events").WithSummary("What happens from now on, as server-sent events")
            .Produces<EventReport>(contentType: "text/event-stream");

    static async Task Stream(News news, HttpContext context)
    {
        if (news.Listen() is not { } reader)
        {
            await Answers.No(StatusCodes.Status503ServiceUnavailable, "too many are listening").ExecuteAsync(context);
            return;
        }

        try
        {
            var cancel = context.RequestAborted;
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync(": what happens from now on\n\n", cancel);
            await context.Response.Body.FlushAsync(cancel);
            while (await Wait(reader, cancel) is { } isNews)
            {
                if (!isNews) await context.Response.WriteAsync(": still here\n\n", cancel);
                while (reader.Reader.TryRead(out var line))
                    await context.Response.WriteAsync($"id: {line.Service}/{line.Sequence}\nevent: {line.Kind}\ndata: "
                        + $"{JsonSerializer.Serialize(line, ContractsJson.Default.EventReport)}\n\n", cancel);
                await context.Response.Body.FlushAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        finally
        {
            news.Leave(reader);
        }
    }

    /// <summary>True: there is news; false: nothing for a while; none: it is over.</summary>
    static async Task<bool?> Wait(Channel<EventReport> reader, CancellationToken cancel)
    {
        using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        beat.CancelAfter(Limits.HeartBeat);
        try
        {
            return await reader.Reader.WaitToReadAsync(beat.Token) ? true : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
