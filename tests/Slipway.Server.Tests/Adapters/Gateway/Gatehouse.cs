using System.Text;
using Slipway.Adapters.Gateway;
using Slipway.Gateway.Control;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Gateway;

/// <summary>
/// A gateway as the control plane meets it: its socket, its secret, its state. It can die and come again.
/// </summary>
sealed class Gatehouse : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    Control? _control;

    public Sites Sites { get; private set; } = null!;
    public Orders Orders { get; private set; } = null!;
    public GatewayPlace Place =>
        new("gateway", new(_folder.File("gateway.sock")), _folder.File("gateway.secret"));

    public static async Task<Gatehouse> Open()
    {
        var gatehouse = new Gatehouse();
        await gatehouse.Start();
        return gatehouse;
    }

    public async Task Start(string boot = "this boot")
    {
        var secret = Secret.ReadOrCreate(Place.SecretFile);
        Sites = new Sites(TimeProvider.System, secret.Bytes);
        Orders = new Orders(Sites, new StateFolder(_folder.File("sites"), () => boot));
        _control = await Control.Start(Sites, Orders, secret, Place.Control, CancellationToken.None);
    }

    public async Task Stop()
    {
        if (_control is not null) await _control.DisposeAsync();
        _control = null;
    }

    /// <summary>All that it knew is gone with its folder.</summary>
    public async Task LoseEverything()
    {
        await Stop();
        Directory.Delete(_folder.File("sites"), recursive: true);
        File.Delete(_folder.File("gateway.secret"));
    }

    /// <summary>Requests as if they had come in, with what came of them.</summary>
    public Claim Claim(string service = "shop") =>
        Sites.Find(service)!.Claim(Get(), default, Sites.OpenLane());

    public void Serve(int requests, Exchange exchange, string service = "shop")
    {
        var lane = Sites.OpenLane();
        for (var i = 0; i < requests; i++)
        {
            var claim = Sites.Find(service)!.Claim(Get(), default, lane);
            claim.Record(exchange);
            claim.Release();
        }
    }

    /// <summary>Awaits the moment when what the gateway was told is so.</summary>
    public async Task Until(Func<Orders, bool> fact)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sites.Changed += Look;
        Orders.Accepted += Look;
        Look();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

        void Look()
        {
            if (fact(Orders)) reached.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Dispose();
    }

    static RequestHead Get()
    {
        var head = new RequestHead();
        head.Begin(Encoding.ASCII.GetBytes("GET / "), new(0, 3), new(4, 1), default);
        return head;
    }
}
