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
        (string name, string? version, int? tail, string? after, bool? all) =>
            Logs(scene, name, new(version, all ?? false), tail ?? 20, after ?? ""))
            .Says<IReadOnlyList<LogReport>>("logs", "What instances have said", StatusCodes.Status404NotFound);

    /// <param name="All">Also of instances that are gone.</param>
    sealed record Wanted(string? Version, bool All);

    static IResult Logs(ApiScene scene, string name, Wanted wanted, int tail, string after)
    {
        if (ServiceEndpoints.Find(scene, name) is null)
            return Answers.NoService(name, ServiceEndpoints.Registered(scene).Select(each => each.Service.Name));
        var known = Offsets(after);
        var here = scene.Instances(name).Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        // With nobody there, those who were may say why.
        var anybody = wanted.All || wanted.Version is not null || here.Count == 0;
        IReadOnlyList<LogReport> all = [.. scene.Logs(name)
            .Where(log => anybody || here.Contains(log.Instance))
            .Where(log => wanted.Version is null || log.Version == wanted.Version)
            .Select(log => Of(log, known.TryGetValue(log.Instance, out var from) ? from : log.Tail(tail)))];
        return Results.Json(all, ContractsJson.Default.IReadOnlyListLogReport);
    }

    static LogReport Of(LogFile log, long from)
    {
        var page = log.Read(from);
        return new(log.Instance, log.Version, page.Next, page.Text);
    }

    static Dictionary<string, long> Offsets(string after) => after
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(one => one.Split(':'))
        .Where(parts => parts.Length == 2 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out _))
        .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
}
