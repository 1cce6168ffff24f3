using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Life;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Http2;

public sealed class SuccessionTests : IAsyncLifetime
{
    const int Generations = 3, Clients = 4;

    readonly TemporaryFolder _folder = new();
    readonly WebApplication _backend = Answering();
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));
    readonly int _port = FreePort();

    public Task InitializeAsync() => _backend.StartAsync();

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        _folder.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_new_process_takes_over_under_load_and_no_stream_is_lost()
    {
        var gateway = await Start();
        Serve(gateway);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var clients = Enumerable.Range(0, Clients).Select(_ => Ask(enough.Token)).ToList();
        for (var generation = 0; generation < Generations; generation++)
        {
            var next = await Start();
            await gateway.Succeeded.WaitAsync(_limit.Token);
            await gateway.Drain();
            await gateway.DisposeAsync();
            gateway = next;
        }

        await enough.CancelAsync();
        var answered = await Task.WhenAll(clients);
        await gateway.DisposeAsync();
        answered.ShouldAllBe(count => count > Generations);
    }

    Task<GatewayProcess> Start() => GatewayProcess.Start(new(_folder.Path), _limit.Token);

    void Serve(GatewayProcess gateway)
    {
        var fleet = new Fleet(1);
        gateway.Orders.Put("shop", new() { Listen = $"127.0.0.1:{_port}", Http2 = Http2Use.Always });
        gateway.Orders.Tell("shop", new([new(fleet, "i1", "127.0.0.1", new Uri(_backend.Urls.Single()).Port)], 1));
        gateway.Orders.Route("shop", new(new(Target.All(fleet)), 1));
    }

    /// <summary>Several requests at a time, on one connection for as long as the gateway keeps it.</summary>
    async Task<int> Ask(CancellationToken cancel)
    {
        using var client = ClientTests.Client();
        var answered = 0;
        while (!cancel.IsCancellationRequested)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}/")
                {
                    Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using var response = await client.SendAsync(request, _limit.Token);
                return await response.Content.ReadAsStringAsync(_limit.Token);
            }));
            answers.ShouldAllBe(answer => answer == "ok");
            answered += answers.Length;
        }

        return answered;
    }

    static WebApplication Answering()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("ok");
        });
        return app;
    }

    static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
