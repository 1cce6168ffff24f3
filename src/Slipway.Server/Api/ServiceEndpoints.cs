using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;
using Slipway.Decisions;
using Slipway.Reports;
using Slipway.Running;
using Slipway.ServiceFile;

namespace Slipway.Api;

/// <summary>What services there are; a slipway.yaml that is put here is what is wanted from then on.</summary>
static class ServiceEndpoints
{
    public static void Map(IEndpointRouteBuilder app, ApiScene scene)
    {
        const int none = StatusCodes.Status404NotFound, refused = StatusCodes.Status409Conflict,
            bad = StatusCodes.Status422UnprocessableEntity;
        app.MapGet("/api/v1/services", () => Results.Json(All(scene), ContractsJson.Default.IReadOnlyListServiceReport))
            .Says<IReadOnlyList<ServiceReport>>("services", "Every service");
        app.MapGet("/api/v1/services/{name}", (string name) => One(scene, name))
            .Says<ServiceReport>("service", "One service with its instances", none);
        app.MapPut("/api/v1/services/{name}",
            (string name, ServiceRequest request, HttpRequest http) => Put(scene, name, request, http))
            .Says<CommandReply>("register", "Make a slipway.yaml what is wanted", refused, bad,
                StatusCodes.Status400BadRequest);
        app.MapDelete("/api/v1/services/{name}",
            (string name, HttpRequest http) =>
                CommandEndpoints.Order(scene, name, Wish.Of(http, "remove"), id => new Command.Remove(id)))
            .Says<CommandReply>("remove", "Stop a service and forget it", none, refused);
    }

    public static IReadOnlyList<ServiceReport> All(ApiScene scene)
    {
        var now = scene.Time.GetUtcNow();
        return [.. Registered(scene)
            .OrderBy(runner => runner.Service.Name, StringComparer.Ordinal)
            .Select(runner => WithTrouble(scene, ServiceReports.Of(runner, [], scene.TrafficOf(runner), now)))];
    }

    static IResult One(ApiScene scene, string name) => Find(scene, name) is { } runner
        ? Results.Json(WithLink(scene, runner, WithTrouble(scene, ServiceReports.Of(
                runner, scene.Instances(name), scene.TrafficOf(runner), scene.Time.GetUtcNow()))),
            ContractsJson.Default.ServiceReport)
        : Answers.NoService(name, Registered(scene).Select(each => each.Service.Name));

    /// <summary>A journal that cannot be used matters more.</summary>
    static ServiceReport WithTrouble(ApiScene scene, ServiceReport report) =>
        report.Notice is null && scene.Hindered(report.Name) is { } trouble
            ? report with { Notice = $"The gateway of {report.Name}: {trouble}." }
            : report;

    static ServiceReport WithLink(ApiScene scene, Runner runner, ServiceReport report) =>
        report.Release is { } release && scene.Approvals?.Of(runner.Service) is { } link
            ? report with { Release = release with { ApprovalLink = link } }
            : report;

    static async Task<IResult> Put(ApiScene scene, string name, ServiceRequest request, HttpRequest http)
    {
        if (Lacks(request) is { } lack) return lack;
        var file = SlipwayFile.Read(request.File, request.Yaml);
        if (file.Spec is not { } spec) return Answers.Of(file);
        if (spec.Service != name)
            return Answers.No(StatusCodes.Status422UnprocessableEntity,
                $"{request.File} describes {spec.Service}, not {name}", "The address and the file name two services.");
        if (spec.Traffic.Listen is { } listen && scene.Taken(listen) is { } taken)
            return Answers.No(StatusCodes.Status409Conflict, taken.What, $"{request.File} asks for it: traffic: "
                + $"{{ listen: {listen} }}. {taken.Advice}");
        var wish = Wish.Of(http, "register", request, ContractsJson.Default.ServiceRequest);
        await scene.Registering.WaitAsync(http.HttpContext.RequestAborted);
        try
        {
            if (Rivals.Of(spec, Registered(scene).Select(runner => runner.Service)) is { } rival)
                return Answers.No(StatusCodes.Status409Conflict, rival,
                    $"{request.File} asks for it: give {name} another listen, other hosts or another path.");
            scene.Files.Remember(name, file);
            var (before, after) = (Find(scene, name)?.Service.Spec, Anchor.In(spec, request.Folder));
            return await CommandEndpoints.Order(scene, name, wish, id => new Command.Register(id, after),
                mustExist: false, said: _ => SpecDiff.Of(before, after));
        }
        finally
        {
            scene.Registering.Release();
        }
    }

    static IResult? Lacks(ServiceRequest request) => request switch
    {
        { File: null or "" } or { Yaml: null } or { Folder: null } => Answers.Wrong("file, yaml or folder is missing",
            "Send the file's name, its text, and the folder where its relative paths begin."),
        _ when request.Folder.Contains('\0') || !Path.IsPathFullyQualified(request.Folder) => Answers.Wrong(
            $"\"{request.Folder}\" is no folder to begin at", "Write it whole, like /srv/shop."),
        _ => null,
    };

    public static Runner? Find(ApiScene scene, string name) =>
        scene.Engine.Find(name) is { Service.Registered: true } runner ? runner : null;

    public static IEnumerable<Runner> Registered(ApiScene scene) =>
        scene.Engine.Runners.Where(runner => runner.Service.Registered);
}
