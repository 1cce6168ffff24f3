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
        return all.Select(runner => runner.JournalTrouble).OfType<string>().FirstOrDefault() is { } trouble
            ? Answers.NoJournal(trouble)
            : all.Select(runner => runner.Stopped).OfType<string>().FirstOrDefault() is { } stopped
                ? Answers.Stopped(stopped)
                : Results.Text("ready\n");
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
