using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Reports;

namespace Slipway.Api;

/// <summary>What other machines ask: whether it lives, what it counts, what can be asked.</summary>
static class MachineEndpoints
{
    public static void Map(IEndpointRouteBuilder app, ApiScene scene)
    {
        app.MapGet("/healthz", () => Results.Text("alive\n")).ExcludeFromDescription();
        app.MapGet("/readyz", () => Ready(scene)).ExcludeFromDescription();
        app.MapGet("/metrics", (CancellationToken cancel) => Metrics(scene, cancel)).ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    static IResult Ready(ApiScene scene)
    {
        var all = scene.Engine.Runners;
        if (all.Select(runner => runner.JournalTrouble).OfType<string>().FirstOrDefault() is { } trouble)
            return Answers.NoJournal(trouble);
        if (all.Select(runner => runner.Stopped).OfType<string>().FirstOrDefault() is { } stopped)
            return Answers.Stopped(stopped);
        return scene.HasBegun() ? Results.Text("ready\n") : Answers.No(StatusCodes.Status503ServiceUnavailable,
            "the services that it was started with are not known to it yet", "Ask again in a moment.");
    }

    /// <summary>A gateway that cannot be asked keeps nobody from the rest.</summary>
    static async Task<IResult> Metrics(ApiScene scene, CancellationToken cancel)
    {
        var text = MetricsText.Of(ServiceEndpoints.All(scene));
        try
        {
            text += await scene.Counted(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            text += $"# the gateway does not answer: {e.Message.ReplaceLineEndings(" ")}\n";
        }

        return Results.Text(text, PrometheusText.ContentType);
    }
}
