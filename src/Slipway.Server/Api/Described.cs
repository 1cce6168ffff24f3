using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Slipway.Client;

namespace Slipway.Api;

/// <summary>The API as it describes itself, at /openapi/v1.json.</summary>
static class Described
{
    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Slipway",
                Version = "v1",
                Description = "Ships code, flags and schema changes as one reversible release.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.HttpMethod is "POST" or "PUT" or "DELETE") TakeHeaders(operation);
            return Task.CompletedTask;
        });
    });

    /// <summary>What it answers when it says yes, and with which statuses it says no, as a problem.</summary>
    public static RouteHandlerBuilder Says<T>(
        this RouteHandlerBuilder route, string name, string summary, params int[] no)
    {
        route.WithName(name).WithSummary(summary).Produces<T>();
        foreach (var status in no) route.Produces<ApiProblem>(status, "application/problem+json");
        return route;
    }

    static void TakeHeaders(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        Header("Idempotency-Key", "The same key again is the same wish: it is done once.");
        Header("Slipway-By", "Who asks, for the history.");
        Header("Slipway-Roles", "The roles of who asks, divided by commas: some approvals want one of them.");

        void Header(string name, string says) => operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = says,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
