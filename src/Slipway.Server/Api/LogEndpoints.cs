using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Adapters.Processes.Logs;
using Slipway.Client;

namespace Slipway.Api;

/// <summary>What instances have said. Whoever follows asks again, with the offsets of the answer before.</summary>
static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder app, ApiScene scene) => app.MapGet("/api/v1/services/{name}/logs",
        (string name, string? version, string? tail, string? after, bool? all) =>
            Logs(scene, name, new(version, all ?? false), tail ?? "20", after ?? ""))
            .Says<IReadOnlyList<LogReport>>("logs", "What instances have said",
            StatusCodes.Status404NotFound, StatusCodes.Status400BadRequest);

    /// <param name="All">Also of instances that are gone.</param>
    sealed record Wanted(string? Version, bool All);

    static IResult Logs(ApiScene scene, string name, Wanted wanted, string tail, string after)
    {
        if (ServiceEndpoints.Find(scene, name) is null)
            return Answers.NoService(name, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        if (!int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
            return Answers.Wrong($"tail is a number of lines, like 20, not \"{tail}\"");
        if (Offsets(after) is not { } known)
            return Answers.Wrong($"after is made of instance:next, each instance once, not \"{after}\"",
                "Both are in the answer before, like shop-r7-1:18220,shop-r7-2:90");
        var here = scene.Instances(name).Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        // With nobody there, those who were may say why.
        var anybody = wanted.All || wanted.Version is not null || here.Count == 0;
        IReadOnlyList<LogReport> all = [.. scene.Logs(name)
            .Where(log => anybody || here.Contains(log.Instance))
            .Where(log => wanted.Version is null || log.Version == wanted.Version)
            .Select(log => Of(log, known.TryGetValue(log.Instance, out var from) ? from : log.Tail(lines)))];
        return Results.Json(all, ContractsJson.Default.IReadOnlyListLogReport);
    }

    static LogReport Of(LogFile log, long from)
    {
        var page = log.Read(from);
        return new(log.Instance, log.Version, page.Next, page.Text);
    }

    static Dictionary<string, long>? Offsets(string after)
    {
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var one in after.Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (one.Split(':') is not [var instance, var next]
                || !long.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                || !known.TryAdd(instance, offset))
                return null;
        return known;
    }
}
