using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Reports;

namespace Slipway.Api;

/// <summary>Releases, under way and over; the story of one comes from the journal itself.</summary>
static class ReleaseEndpoints
{
    public static void Map(IEndpointRouteBuilder app, ApiScene scene)
    {
        const int none = StatusCodes.Status404NotFound;
        app.MapGet("/api/v1/releases", (string? service) => History(scene, service))
            .Says<IReadOnlyList<PastReport>>("history", "What was released, newest first", none);
        app.MapGet("/api/v1/releases/{id}", (string id, CancellationToken cancel) => One(scene, id, cancel))
            .Says<ReleaseReport>("release", "One release, under way or over", none);
        app.MapGet("/api/v1/releases/{id}/events", (string id, CancellationToken cancel) => Events(scene, id, cancel))
            .Says<IReadOnlyList<EventReport>>("releaseEvents", "What has happened in a release, with reasons", none);
        app.MapGet("/api/v1/releases/{id}/post-mortem", (string id) => PostMortem(scene, id))
            .WithName("postMortem").WithSummary("What is known of a release that had to be taken back, as Markdown")
            .Produces<string>(contentType: "text/markdown").Produces<ApiProblem>(none, "application/problem+json");
    }

    static IResult PostMortem(ApiScene scene, string id) => Find(scene, id) is not { } found ? NoRelease(id)
        : scene.PostMortem(found.Runner.Service.Name, found.Number) is { } draft ? Results.Text(draft, "text/markdown")
        : Answers.No(StatusCodes.Status404NotFound, $"there is no post-mortem of {id}",
            "One is written when a release that had to be taken back is over.");

    static IResult History(ApiScene scene, string? service)
    {
        if (service is not null && ServiceEndpoints.Find(scene, service) is null)
            return Answers.NoService(service, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        var services = ServiceEndpoints.Registered(scene).Select(runner => runner.Service)
            .Where(s => service is null || s.Name == service);
        IReadOnlyList<PastReport> all = [.. services
            .SelectMany(s => s.History.Select(past => ReleaseReports.Of(s, past)))
            .OrderByDescending(past => past.Began)];
        return Results.Json(all, ContractsJson.Default.IReadOnlyListPastReport);
    }

    static async Task<IResult> One(ApiScene scene, string id, CancellationToken cancel)
    {
        if (Find(scene, id) is not { } found) return NoRelease(id);
        var (runner, number) = found;
        var s = runner.Service;
        var told = await Told(scene, s.Name, number, cancel);
        if (s.Run is { } run && run.Release == number)
        {
            var report = ReleaseReports.Of(s, run, runner.Seen, scene.TrafficOf(runner), scene.Time.GetUtcNow());
            return Json(report with
            {
                ApprovalLink = scene.Approvals?.Of(s),
                Steps = [.. Story.Answered(report.Steps, told.Where(line => line.Sequence <= s.Sequence))],
            });
        }

        return s.History.FirstOrDefault(past => past.Release == number) is { } past
            ? Json(ReleaseReports.Of(s, past, Story.Steps(told)))
            : NoRelease(id);
    }

    static async Task<IResult> Events(ApiScene scene, string id, CancellationToken cancel) =>
        Find(scene, id) is { } found
            ? Results.Json(await Told(scene, found.Runner.Service.Name, found.Number, cancel),
                ContractsJson.Default.IReadOnlyListEventReport)
            : NoRelease(id);

    static async Task<IReadOnlyList<EventReport>> Told(
        ApiScene scene, string service, int number, CancellationToken cancel)
    {
        var events = await scene.Journal.Read(service, 0, cancel);
        return [.. Story.Of(new Service(service), events).Where(line => line.Release == number)];
    }

    static IResult Json(ReleaseReport report) => Results.Json(report, ContractsJson.Default.ReleaseReport);

    static (Running.Runner Runner, int Number)? Find(ApiScene scene, string id) =>
        ReleaseReports.Parse(id) is var (service, number) && scene.Engine.Find(service) is { } runner
            && number >= 1 && number <= runner.Service.Releases
            ? (runner, number)
            : null;

    static IResult NoRelease(string id) => Answers.No(StatusCodes.Status404NotFound,
        $"there is no release \"{id}\"", "A release is called SERVICE-NUMBER, like shop-42.");
}
