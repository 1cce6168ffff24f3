using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Gateway.Forwarding;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Gateway.Life;

/// <summary>A gateway whose place was taken, and that has something under way still.</summary>
public sealed class ElderTests : IAsyncLifetime
{
    const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static readonly Fleet First = new(1), Second = new(2);

    readonly TemporaryFolder _folder = new();
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    readonly Backend _first = new(), _second = new();
    GatewayProcess? _old;
    GatewayProcess _new = null!;
    HttpClient _http = null!;
    Peer _client = null!, _instance = null!;

    public async Task InitializeAsync()
    {
        var port = FreePort.Next();
        _old = await Start();
        _old.Orders.Put("shop", new() { Listen = $"127.0.0.1:{port}" });
        _old.Orders.Tell("shop", new(
            [new(First, "i1", "127.0.0.1", _first.Port), new(Second, "i2", "127.0.0.1", _second.Port)], 1));
        _old.Orders.Route("shop", new(new(Target.All(First)), 1));
        _client = await Peer.To(port);
        await _client.Send(Get);
        _instance = await _first.Accept();
        await _instance.Head();
        _new = await Start();
        await _old.Succeeded.WaitAsync(_limit.Token);
        _http = new(new SocketsHttpHandler { ConnectCallback = Connect });
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", Secret.Read(_folder.File("gateway.secret")).Text);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _instance.Dispose();
        if (_old is not null) await _old.DisposeAsync();
        await _new.DisposeAsync();
        _http.Dispose();
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_drain_waits_for_what_it_has_under_way_too()
    {
        await Route(Second);
        var drained = Drain();
        await Route(Second, 3); // there and back
        drained.IsCompleted.ShouldBeFalse();
        await _instance.Send(Ok);
        (await _client.Answer()).Body.ShouldBe("ok");
        (await drained).ShouldBe(new DrainAnswer(true, 0));
    }

    [Fact]
    public async Task What_it_still_gets_obeys_the_table_that_holds_now()
    {
        await _client.Send(Get); // behind the one that is under way
        await Route(Second);
        await _instance.Send(Ok);
        await _client.Answer();
        using var other = await _second.Accept();
        await other.Head();
        await other.Send(Ok);
        (await _client.Answer()).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Once_it_has_ended_nobody_waits_for_it()
    {
        await Route(Second);
        await _instance.Send(Ok);
        await _client.Answer();
        await _old!.DisposeAsync();
        _old = null;
        (await Drain()).ShouldBe(new DrainAnswer(true, 0));
        await Route(First, 3);
    }

    Task<GatewayProcess> Start() =>
        GatewayProcess.Start(new(_folder.Path), _limit.Token);

    async Task Route(Fleet fleet, long since = 2)
    {
        using var response = await _http.PutAsJsonAsync("http://gateway/v1/sites/shop/table",
            new TableOrder(new(Target.All(fleet)), since), JournalFormat.Options, _limit.Token);
        response.EnsureSuccessStatusCode();
    }

    async Task<DrainAnswer> Drain()
    {
        using var response = await _http.PostAsJsonAsync("http://gateway/v1/sites/shop/drain",
            new DrainOrder(First, null), JournalFormat.Options, _limit.Token);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<DrainAnswer>(JournalFormat.Options, _limit.Token))!;
    }

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("gateway.sock")), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
