using Slipway.Adapters.Gateway;
using Slipway.Routing;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Gateway;

/// <summary>What people are shown of the traffic of the last seconds.</summary>
public sealed class GatewayTrafficTests : IAsyncLifetime
{
    static readonly Fleet Stable = new(1), Candidate = new(2);

    readonly Watch _watch = new();
    Gatehouse _first = null!, _second = null!;
    Gateways _gateways = null!;
    GatewayTraffic _traffic = null!;

    public async Task InitializeAsync()
    {
        (_first, _second) = (await Gatehouse.Open(), await Gatehouse.Open());
        foreach (var gateway in new[] { _first, _second }) Open(gateway, 1);
        _gateways = new([_first.Place, _second.Place]);
        _traffic = new(_gateways, _watch);
    }

    public async Task DisposeAsync()
    {
        await _traffic.DisposeAsync();
        _gateways.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_knows_anything_before_the_second_look()
    {
        _traffic.Of("shop", null).ShouldBeNull();
        await Look();
        _traffic.Of("shop", null).ShouldBeNull();
        await Look();
        _traffic.Of("shop", null).ShouldBe(new(0, null));
    }

    [Fact]
    public async Task All_gateways_count_and_so_does_only_what_is_new()
    {
        _first.Serve(50, new(500) { Microseconds = 900 });
        await Look();
        _first.Serve(9, new(200) { Microseconds = 1_000 });
        _second.Serve(1, new(500) { Microseconds = 80_000 });
        await Look(after: 5);

        var flow = _traffic.Of("shop", Stable)!;
        (flow.PerSecond, flow.ErrorShare).ShouldBe((2, 0.1));
        flow.P50Ms!.Value.ShouldBe(1, tolerance: .03);
        flow.P99Ms!.Value.ShouldBe(80, tolerance: 2);
        _traffic.Of("shop", null).ShouldBe(flow);
        _traffic.Of("shop", Candidate).ShouldBe(new(0, null));
    }

    [Fact]
    public async Task A_gateway_that_began_anew_is_counted_from_there()
    {
        _first.Serve(50, new(200));
        await Look();
        await _first.Stop();
        await _first.Start();
        _first.Serve(5, new(200));
        await Look(after: 1);
        _traffic.Of("shop", null)!.PerSecond.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_long_ago_does_not_count()
    {
        await Look();
        _first.Serve(50, new(200));
        for (var i = 0; i < 6; i++) await Look();
        _traffic.Of("shop", null).ShouldBe(new(0, null));
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_left_out()
    {
        await Look();
        _second.Serve(3, new(200));
        await _first.Stop();
        await Look(after: 1);
        _traffic.Of("shop", null)!.PerSecond.ShouldBe(3);
    }

    Task Look(int after = 2)
    {
        _watch.Now += TimeSpan.FromSeconds(after);
        return _traffic.See();
    }

    static void Open(Gatehouse gateway, int since)
    {
        gateway.Orders.Tell("shop", new([new Member(Stable, "one", "127.0.0.1", 5000)], since));
        gateway.Orders.Route("shop", new(new(Target.All(Stable)), since));
    }

    /// <summary>No timer rings: nothing happens by itself.</summary>
    sealed class Watch : HandClock
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period) =>
            new Still();

        sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;
            public void Dispose() { }
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
