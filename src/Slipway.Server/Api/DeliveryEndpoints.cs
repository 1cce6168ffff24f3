using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;
using Slipway.Releases;
using Slipway.ServiceFile;

namespace Slipway.Api;

/// <summary>How well changes arrive, counted from the journals themselves.</summary>
static class DeliveryEndpoints
{
    static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder app, ApiScene scene) =>
        app.MapGet("/api/v1/report", (string? since, CancellationToken cancel) => Report(scene, since, cancel))
            .Says<DeliveryReport>("report", "How often changes ship, how soon, and how often they fail",
                StatusCodes.Status400BadRequest);

    static async Task<IResult> Report(ApiScene scene, string? since, CancellationToken cancel)
    {
        var time = Usual;
        if (since is not null && (!Times.TryParse(since, out time) || time <= TimeSpan.Zero))
            return Answers.Wrong($"\"{since}\" is no time", "Write it like 30d or 12h.");
        if (time > Limits.ReportMax)
            return Answers.Wrong($"{since} is too long ago: {Limits.ReportMax.TotalDays:0}d at most");
        var now = scene.Time.GetUtcNow();
        var from = now - time;
        var all = new List<(string Name, IReadOnlyList<Delivery> Those)>();
        foreach (var runner in ServiceEndpoints.Registered(scene).OrderBy(each => each.Service.Name))
        {
            var name = runner.Service.Name;
            all.Add((name, [.. Delivery.Of(name, await scene.Journal.Read(name, 0, cancel))]));
        }

        return Results.Json(new DeliveryReport(from, now, LineOf("all", [.. all.Select(one => one.Those)], from, now))
        {
            Services = [.. all.Select(one => LineOf(one.Name, [one.Those], from, now))],
        }, ContractsJson.Default.DeliveryReport);
    }

    static DeliveryLine LineOf(
        string name, IReadOnlyList<IReadOnlyList<Delivery>> all, DateTimeOffset since, DateTimeOffset now)
    {
        var figures = DeliveryFigures.Of(all, since, now);
        return new(name, figures.Deployments, figures.RolledBack, figures.Failed)
        {
            PerDay = figures.PerDay,
            LeadTimeSeconds = figures.LeadTime?.TotalSeconds,
            TimeToRestoreSeconds = figures.TimeToRestore?.TotalSeconds,
            ActiveSeconds = figures.Active?.TotalSeconds,
            WaitingSeconds = figures.Waiting?.TotalSeconds,
            ChangeFailurePercent = figures.ChangeFailureRate * 100,
            SuccessPercent = figures.SuccessRate * 100,
            RollbackPercent = figures.RollbackRate * 100,
        };
    }
}
