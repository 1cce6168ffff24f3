using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Client;

namespace Slipway.Api;

/// <summary>Whether those who are to be told can be.</summary>
static class NoticeEndpoints
{
    public static void Map(IEndpointRouteBuilder app, ApiScene scene) => app.MapPost(
        "/api/v1/services/{name}/notices/test", (string name, CancellationToken cancel) => Try(scene, name, cancel))
        .Says<IReadOnlyList<TrialReport>>("testNotices", "Send a trial to everybody who is told of a service",
            StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    static async Task<IResult> Try(ApiScene scene, string name, CancellationToken cancel)
    {
        if (ServiceEndpoints.Find(scene, name)?.Service is not { } service)
            return Answers.NoService(name, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        return service.Spec?.Notify.Count is null or 0
            ? Answers.No(StatusCodes.Status409Conflict, $"nobody is told of {name}",
                "Name somebody in slipway.yaml: notify: [ { slack: \"${SLACK_WEBHOOK_URL}\" } ]")
            : Results.Json(await scene.Try(service, cancel), ContractsJson.Default.IReadOnlyListTrialReport);
    }
}
