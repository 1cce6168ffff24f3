using Slipway.Adapters.Gateway;
using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Gateway;

public sealed class GatewayRouterTests : RouterCompliance, IAsyncLifetime
{
    static readonly RouteTable One = new(Target.All(new Fleet(1))), Two = new(Target.All(new Fleet(2)));

    Gatehouse _first = null!, _second = null!;
    Gateways _both = null!;
    GatewayRouter _router = null!;

    protected override IRouter Router => _router;

    public async Task InitializeAsync()
    {
        (_first, _second) = (await Gatehouse.Open(), await Gatehouse.Open());
        _both = new([_first.Place, _second.Place]);
        _router = new(_both);
    }

    public async Task DisposeAsync()
    {
        _both.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    Task Apply(RouteTable table, long since) => _router.Apply(new("shop", table, since), CancellationToken.None);

    Task<SeenTable> Look() => _router.Look("shop", CancellationToken.None);

    [Fact]
    public async Task Every_gateway_has_the_table_once_it_is_applied()
    {
        await Apply(One, 3);
        _first.Orders.Look("shop").Table.ShouldBe(One);
        _second.Orders.Look("shop").Table.ShouldBe(One);
    }

    [Fact]
    public async Task A_gateway_that_has_not_followed_yet_is_what_counts()
    {
        await Apply(One, 3);
        _first.Orders.Route("shop", new(Two, 4));
        (await Look()).ShouldBe(new SeenTable(One, 3));
        _second.Orders.Route("shop", new(Two, 4));
        (await Look()).ShouldBe(new SeenTable(Two, 4));
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_no_acknowledgement()
    {
        await Apply(One, 3);
        await _second.Stop();
        await Should.ThrowAsync<HttpRequestException>(() => Apply(Two, 4));
        await Should.ThrowAsync<HttpRequestException>(Look);
        await _second.Start();
        (await Look()).ShouldBe(new SeenTable(One, 3));
        await Apply(Two, 4);
        (await Look()).ShouldBe(new SeenTable(Two, 4));
    }

    [Fact]
    public async Task A_table_that_cannot_be_served_says_why()
    {
        var bad = One with
        {
            Rules = [new("staff", new([new(Subject.Client, "", Comparison.InNetwork, ["nowhere"])]), One.Rest)],
        };
        (await Should.ThrowAsync<GatewayException>(() => Apply(bad, 3))).Message.ShouldContain("'nowhere'");
        (await Look()).ShouldBe(new SeenTable(RouteTable.Closed, 0));
    }

    [Fact]
    public async Task A_gateway_with_a_new_secret_is_spoken_to_with_that()
    {
        await Apply(One, 3);
        await _first.LoseEverything();
        await _first.Start();
        await Apply(One, 3);
        (await Look()).Since.ShouldBe(3);
    }
}
