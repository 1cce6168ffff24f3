using Slipway.Adapters.Gateway;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Gateway;

/// <summary>Gateways hear who is there, whatever happens to them meanwhile.</summary>
public sealed class GatewayMembersTests : MembersCompliance, IAsyncLifetime
{
    static readonly Seq<Member> Two = [Of(1), Of(2)], One = [Of(1)];

    Gatehouse _gateway = null!;
    Gateways _gateways = null!;
    GatewayMembers _members = null!;

    protected override IMembers Members => _members;

    public async Task InitializeAsync()
    {
        _gateway = await Gatehouse.Open();
        _gateways = new([_gateway.Place]);
        _members = new(_gateways, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _members.DisposeAsync();
        _gateways.Dispose();
        await _gateway.DisposeAsync();
    }

    static Member Of(int number) => new(new(1), $"shop-r1-{number}", "127.0.0.1", 5000 + number) { Version = "1.1" };

    Task Knows(Seq<Member> members) => _gateway.Until(orders =>
        orders.Look("shop") is { Confirmed: true } state && state.Members.Equals(members));

    [Fact]
    public async Task What_was_told_last_is_known()
    {
        _members.Tell("shop", Two);
        _members.Tell("shop", One);
        await Knows(One);
        _members.Tell("shop", Two);
        await Knows(Two);
    }

    [Fact]
    public async Task A_gateway_that_comes_later_is_told_then()
    {
        await _gateway.Stop();
        _members.Tell("shop", Two);
        await _gateway.Start();
        await Knows(Two);
    }

    [Fact]
    public async Task A_gateway_that_has_lost_everything_is_told_again()
    {
        _members.Tell("shop", Two);
        await Knows(Two);
        await _gateway.LoseEverything();
        await _gateway.Start();
        await Knows(Two);
    }

    [Fact]
    public async Task After_a_reboot_the_same_members_are_confirmed()
    {
        _members.Tell("shop", Two);
        await Knows(Two);
        await _gateway.Stop();
        await _gateway.Start("another boot");
        _gateway.Orders.Look("shop").Confirmed.ShouldBeFalse();
        await Knows(Two);
    }

    [Fact]
    public async Task A_number_from_a_life_with_another_clock_is_outdone()
    {
        var future = DateTimeOffset.UtcNow.AddYears(1).ToUnixTimeMilliseconds();
        _gateway.Orders.Tell("shop", new(One, future));
        _members.Tell("shop", Two);
        await Knows(Two);
        _gateway.Orders.Look("shop").Sequence.ShouldBe(future + 1);
    }

    [Fact]
    public async Task A_member_is_drained_when_its_requests_are_over_and_not_while_its_gateway_is_away()
    {
        _members.Tell("shop", Two);
        await Knows(Two);
        _gateway.Orders.Route("shop", new(new(Target.All(new(1))), 1));
        var claim = _gateway.Claim();
        var instance = claim.Pick(null)!;
        var draining = _members.Drained("shop", instance.Member, CancellationToken.None);
        await _gateway.Until(_ => instance.Draining);
        draining.IsCompleted.ShouldBeFalse();
        instance.Done();
        claim.Release();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));

        await _gateway.Stop();
        using var expiry = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => _members.Drained("shop", Of(2), expiry.Token));
    }
}
