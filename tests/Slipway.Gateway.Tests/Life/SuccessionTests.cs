using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Control;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Life;

public sealed class SuccessionTests : IAsyncLifetime
{
    const int Generations = 5, Clients = 8;
    static readonly Fleet Fleet = new(1);

    readonly TemporaryFolder _folder = new();
    readonly WebApplication _backend = Answering();
    readonly List<string> _told = [];
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));
    readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly int _port = FreePort();

    public Task InitializeAsync() => _backend.StartAsync();

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        _folder.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_new_process_takes_over_under_load_and_nobody_is_refused_or_cut_off()
    {
        var gateway = await Start();
        Serve(gateway);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var clients = Enumerable.Range(0, Clients).Select(number => Ask(number % 2 == 0, enough.Token)).ToList();
        for (var generation = 0; generation < Generations; generation++)
        {
            var next = await Start();
            await gateway.Succeeded.WaitAsync(_limit.Token);
            await gateway.Drain();
            await gateway.DisposeAsync();
            gateway = next;
        }

        await enough.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(answer => answer).GroupBy(answer => answer)
            .ToDictionary(group => group.Key, group => group.Count());
        await gateway.DisposeAsync();
        answers.Keys.ShouldHaveSingleItem($"{string.Join(", ", answers)}; {string.Join("; ", _told)}").ShouldBe("200");
        answers["200"].ShouldBeGreaterThan(Generations * Clients);
    }

    [Fact]
    public async Task What_was_ordered_before_holds_after_a_succession()
    {
        var gateway = await Start();
        Serve(gateway);
        await using var next = await Start();
        await gateway.Succeeded.WaitAsync(_limit.Token);
        await gateway.DisposeAsync();
        (next.Orders.Look("shop").Since, next.Orders.Look("shop").Sequence).ShouldBe((1, 1));
        _told.ShouldContain($"has taken over 127.0.0.1:{_port}");
    }

    [Fact]
    public async Task When_the_new_one_dies_halfway_the_old_one_goes_on_and_takes_orders_again()
    {
        await using var gateway = await Start();
        Serve(gateway);
        using (var half = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await half.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("gateway.next")), _limit.Token);
            await half.SendAsync("take\n"u8.ToArray(), _limit.Token);
            (await half.ReceiveAsync(new byte[1], _limit.Token)).ShouldBe(1);
        }

        await _again.Task.WaitAsync(_limit.Token);
        await using var next = await Start();
        await gateway.Succeeded.WaitAsync(_limit.Token);
    }

    [Fact]
    public async Task A_door_that_nobody_wants_is_closed_and_one_that_was_taken_is_opened_once_it_is_free()
    {
        await using var gateway = await Start();
        Serve(gateway);
        (await Peer.To(_port)).Dispose();
        gateway.Orders.Remove("shop");
        await Should.ThrowAsync<SocketException>(Peer.To(_port));

        using (var other = new TcpListener(IPAddress.Loopback, _port))
        {
            other.Start();
            gateway.Orders.Put("shop", new() { Listen = $"127.0.0.1:{_port}" });
            lock (_told) _told[^1].ShouldStartWith($"cannot listen on 127.0.0.1:{_port}: ");
        }

        await _opened.Task.WaitAsync(_limit.Token);
        (await Peer.To(_port)).Dispose();
    }

    [Fact]
    public async Task Of_one_that_has_died_the_sockets_live_on_with_those_who_wait_in_them()
    {
        await using var keeper = new SocketKeeper(_folder.Path);
        using var waiting = await Die(keeper);
        await waiting.Send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
        await using var next = await Start();
        _told.ShouldContain($"has taken over 127.0.0.1:{_port}");
        (await waiting.Answer()).Body.ShouldBe("ok");
    }

    /// <summary>A gateway that has gone without a word; and somebody who has come since.</summary>
    async Task<Peer> Die(SocketKeeper keeper)
    {
        await using (var gateway = await Start())
        {
            Serve(gateway);
            await keeper.Follow(_limit.Token);
        }

        return await Peer.To(_port);
    }

    Task<GatewayProcess> Start() =>
        GatewayProcess.Start(new(_folder.Path) { Tell = Tell }, _limit.Token);

    void Tell(string line)
    {
        lock (_told) _told.Add(line);
        if (line.StartsWith("listening", StringComparison.Ordinal)
            && _told.Exists(one => one.StartsWith("cannot listen", StringComparison.Ordinal))) _opened.TrySetResult();
        if (line.EndsWith("takes orders again", StringComparison.Ordinal)) _again.TrySetResult();
    }

    void Serve(GatewayProcess gateway)
    {
        gateway.Orders.Put("shop", new() { Listen = $"127.0.0.1:{_port}" });
        var member = new Member(Fleet, "i1", "127.0.0.1", new Uri(_backend.Urls.Single()).Port);
        gateway.Orders.Tell("shop", new([member], 1));
        gateway.Orders.Route("shop", new(new(Target.All(Fleet)), 1));
    }

    /// <summary>
    /// One request after the other, on one connection for as long as the gateway keeps it. Nothing is sent twice.
    /// </summary>
    async Task<List<string>> Ask(bool keepAlive, CancellationToken cancel)
    {
        var answers = new List<string>();
        Peer? connection = null;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                connection ??= await Peer.To(_port);
                await connection.Send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n"
                    + $"{(keepAlive ? "" : "Connection: close\r\n")}\r\nbody");
                var (head, _) = await connection.Answer();
                answers.Add(head.Split(' ')[1]);
                if (keepAlive && !head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase)) continue;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                answers.Add(e.Message);
            }

            connection?.Dispose();
            connection = null;
        }

        connection?.Dispose();
        return answers;
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

    static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
