using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Adapters.Processes;
using Slipway.Adapters.Processes.Logs;
using Slipway.Adapters.Sources;
using Slipway.Approvals;
using Slipway.Client;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Api;

/// <summary>What the API is asked about.</summary>
public sealed record ApiScene(Engine Engine, IJournal Journal)
{
    public required Func<string, IReadOnlyList<InstanceReport>> Instances { get; init; }

    /// <summary>What has passed lately, of a service's fleet or of all of them.</summary>
    public Func<string, Fleet?, TrafficReport?> Traffic { get; init; } = (_, _) => null;

    /// <summary>What instances have said.</summary>
    public Func<string, Seq<LogFile>> Logs { get; init; } = _ => [];

    /// <summary>Who else has an address that a service asks for.</summary>
    public Func<string, TakenAddress?> Taken { get; init; } = _ => null;

    /// <summary>What the gateways have counted, as Prometheus reads it.</summary>
    public Func<CancellationToken, Task<string>> Counted { get; init; } = _ => Task.FromResult("");

    /// <summary>The draft of a post-mortem, of a release that had to be taken back.</summary>
    public Func<string, int, string?> PostMortem { get; init; } = (_, _) => null;

    /// <summary>What a version lacks to be started, as far as can be told before.</summary>
    public Func<ServiceSpec, string, BuildProblem?> Missing { get; init; } = (_, _) => null;

    /// <summary>Which metric of a service's gates nobody can judge by, asked before a release begins.</summary>
    public Func<Service, CancellationToken, Task<SourceProblem?>> Silent { get; init; } =
        (_, _) => Task.FromResult<SourceProblem?>(null);

    /// <summary>What hinders the gateways in carrying the traffic of a service.</summary>
    public Func<string, string?> Hindered { get; init; } = _ => null;
    public KnownFiles Files { get; } = new();

    /// <summary>Sends a trial to every target of a service.</summary>
    public Func<Service, CancellationToken, Task<IReadOnlyList<TrialReport>>> Try { get; init; } =
        (_, _) => Task.FromResult<IReadOnlyList<TrialReport>>([]);
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>None: approvals are given by commands alone.</summary>
    public ApprovalLinks? Approvals { get; init; }

    /// <summary>What it was started for is known to it.</summary>
    public Func<bool> HasBegun { get; init; } = () => true;

    /// <summary>The node that sees what runs, when it is another one.</summary>
    public Func<Uri?> Seeing { get; init; } = () => null;

    /// <summary>Told what should not have happened, in a line.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>One registration after the other: two files that want the same are not both first.</summary>
    internal SemaphoreSlim Registering { get; } = new(1);

    /// <summary>Who may ask from elsewhere: none, and only this machine is listened to.</summary>
    public string? Token { get; init; }

    internal Func<Fleet?, TrafficReport?> TrafficOf(Runner runner) => fleet => Traffic(runner.Service.Name, fleet);
}

/// <summary>The control plane's HTTP API, for the CLI, the dashboard, pipelines and scripts.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly News _news;
    readonly Forwarding _forwarding;

    ApiServer(WebApplication app, News news, Forwarding forwarding) =>
        (_app, _news, _forwarding) = (app, news, forwarding);

    public string Url => _app.Urls.First();

    /// <param name="listen">Host and port; port 0 means any that is free.</param>
    public static async Task<ApiServer> Start(ApiScene scene, string listen, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://{listen}");
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = Limits.BodyMax;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddDescription();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Logging.ClearProviders();

        var app = builder.Build();
        var (news, forwarding) = (new News(scene), new Forwarding(scene.Seeing));
        app.Use(new Guard(scene.Token).Check);
        app.Use(new Words(scene.Tell).Pass);
        app.Use(forwarding.Pass);
        app.UseRouting();
        ServiceEndpoints.Map(app, scene);
        CommandEndpoints.Map(app, scene);
        ReleaseEndpoints.Map(app, scene);
        EventEndpoints.Map(app, news);
        LogEndpoints.Map(app, scene);
        DeliveryEndpoints.Map(app, scene);
        NoticeEndpoints.Map(app, scene);
        ApprovalEndpoints.Map(app, scene);
        MachineEndpoints.Map(app, scene);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, news, forwarding);
    }

    public async ValueTask DisposeAsync()
    {
        _news.Dispose();
        await _app.DisposeAsync();
        _forwarding.Dispose();
    }

    /// <summary>Signals are the program's own business.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
