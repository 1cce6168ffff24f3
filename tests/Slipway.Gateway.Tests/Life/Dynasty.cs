using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Control;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Life;

/// <summary>Gateways of one folder and one port, one after the other, before an instance that answers "ok".</summary>
sealed class Dynasty(Action<string>? tell = null) : IAsyncDisposable
{
    static readonly Fleet Fleet = new(1);

    readonly WebApplication _instance = Answering();
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));

    public TemporaryFolder Folder { get; } = new();
    public int Port { get; } = FreePort.Next();
    public CancellationToken Limit => _limit.Token;

    public Task Begin() => _instance.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        Folder.Dispose();
        _limit.Dispose();
    }

    public Task<GatewayProcess> Start() =>
        GatewayProcess.Start(new(Folder.Path) { Tell = tell ?? (_ => { }) }, Limit);

    public void Serve(GatewayProcess gateway, SiteOptions? options = null)
    {
        gateway.Orders.Put("shop", (options ?? new()) with { Listen = $"127.0.0.1:{Port}" });
        gateway.Orders.Tell("shop", new([new(Fleet, "i1", "127.0.0.1", new Uri(_instance.Urls.Single()).Port)], 1));
        gateway.Orders.Route("shop", new(new(Target.All(Fleet)), 1));
    }

    /// <summary>What the gateway that takes the orders says of itself.</summary>
    public async Task<string?> Trouble()
    {
        using var elder = new Elder(Folder.File("gateway.sock"), Secret.Read(Folder.File("gateway.secret")),
            TimeProvider.System, TimeSpan.FromMinutes(2));
        return (await elder.Troubles(Limit)).ShouldNotBeNull() is [var first, ..] ? first.What : null;
    }

    /// <summary>Each takes the place of the one before, which ends what it has; the last of them is left.</summary>
    public async Task<GatewayProcess> Succeed(GatewayProcess gateway, int generations)
    {
        for (var generation = 0; generation < generations; generation++)
        {
            var next = await Start();
            await gateway.Succeeded.WaitAsync(Limit);
            await gateway.Drain(Limit);
            await gateway.DisposeAsync();
            gateway = next;
        }

        return gateway;
    }

    static WebApplication Answering()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok");
        });
        return app;
    }
}
