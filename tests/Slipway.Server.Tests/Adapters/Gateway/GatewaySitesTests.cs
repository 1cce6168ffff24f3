using Slipway.Adapters.Gateway;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Gateway;

/// <summary>Users come in as the specification says, at every gateway.</summary>
public sealed class GatewaySitesTests : IAsyncLifetime
{
    static readonly ServiceSpec Spec = new()
    {
        Service = "shop",
        Runtime = new RuntimeSpec.Process(["./shop"]),
        Health = new() { Readiness = new(new ProbeWay.Http("/ready")) },
        Traffic = new()
        {
            Listen = "127.0.0.1:8080",
            Hosts = ["shop.example.com"],
            Path = "/shop",
            Tls = new("cert.pem", "key.pem"),
            Drain = TimeSpan.FromSeconds(7),
            VersionHeader = true,
        },
    };

    Gatehouse _gateway = null!;
    Gateways _gateways = null!;
    GatewaySites _sites = null!;

    public async Task InitializeAsync()
    {
        _gateway = await Gatehouse.Open();
        _gateways = new([_gateway.Place]);
        _sites = new(_gateways, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _sites.DisposeAsync();
        _gateways.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_service_is_opened_as_its_specification_says_and_closed()
    {
        await _sites.Open(Spec);
        var options = _gateway.Orders.Look("shop").Options!;
        options.ShouldBe(GatewaySites.OptionsOf(Spec));
        (options.Listen, options.Path, options.HealthPath).ShouldBe(("127.0.0.1:8080", "/shop", "/ready"));
        (options.Certificate, options.VersionHeader).ShouldBe(("cert.pem", true));
        _gateway.Sites.Doors.ShouldHaveSingleItem();

        await _sites.Close("shop");
        _gateway.Sites.Doors.ShouldBeEmpty();
        _gateway.Orders.Look("shop").Removed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_gateway_that_has_lost_everything_is_opened_again()
    {
        await _sites.Open(Spec);
        await _gateway.LoseEverything();
        await _gateway.Start();
        await _gateway.Until(orders => orders.Look("shop").Options is not null);
        _gateway.Sites.Doors.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_no_failure_of_the_others()
    {
        await using var second = await Gatehouse.Open();
        using var both = new Gateways([_gateway.Place, second.Place]);
        await using var sites = new GatewaySites(both, TimeProvider.System);
        var troubled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sites.Troubled += (_, _) => troubled.TrySetResult();
        await _gateway.Stop();
        await sites.Open(Spec);
        await troubled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        second.Sites.Doors.ShouldHaveSingleItem();
        await _gateway.Start();
        await _gateway.Until(orders => orders.Look("shop").Options is not null);
    }
}
