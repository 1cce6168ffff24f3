using Slipway.Adapters.Gateway;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Tests.Adapters.Gateway;

/// <summary>What gates read of the gateways.</summary>
public sealed class GatewayMetricsTests : IAsyncLifetime
{
    static readonly Fleet Stable = new(1), Candidate = new(2);

    Gatehouse _first = null!, _second = null!;
    Gateways _gateways = null!;
    GatewayMetrics _metrics = null!;

    public async Task InitializeAsync()
    {
        (_first, _second) = (await Gatehouse.Open(), await Gatehouse.Open());
        foreach (var gateway in new[] { _first, _second })
        {
            gateway.Orders.Tell("shop", new([Of(Stable), Of(Candidate)], 1));
            Route(gateway, new(Target.All(Stable)));
        }

        _gateways = new([_first.Place, _second.Place]);
        _metrics = new(_gateways, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _metrics.Dispose();
        _gateways.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    static Member Of(Fleet fleet) => new(fleet, $"{fleet}", "127.0.0.1", 5000);

    static void Route(Gatehouse gateway, RouteTable table) =>
        gateway.Orders.Route("shop", new(table, gateway.Orders.Look("shop").Since + 1));

    Task<Totals> Read(Fleet? stable = null) =>
        _metrics.Read(new("shop", Candidate, stable, []), CancellationToken.None);

    [Fact]
    public async Task All_gateways_are_added_up()
    {
        _first.Serve(30, new(200) { Microseconds = 900 });
        _second.Serve(12, new(500) { Microseconds = 900 });
        Route(_first, new(Target.All(Candidate)));
        _first.Serve(5, new(504, Ending.TimedOut) { Microseconds = 60_000_000 });
        _first.Serve(2, new(0, Ending.ClientLeft));

        var totals = await Read(Stable);
        var (stable, candidate) = (totals.Stable!.Value, totals.Candidate);
        (stable.Requests, stable.Errors, stable.Unanswered).ShouldBe((42, 12, 0));
        stable.Latency!.Total.ShouldBe(42);
        (candidate.Requests, candidate.Errors, candidate.Unanswered, candidate.GivenUp).ShouldBe((7, 5, 5, 2));
        totals.Uptime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_under_way_is_told_beside_what_was_answered()
    {
        Claim[] hanging = [_first.Claim(), _first.Claim(), _second.Claim()];
        _first.Serve(4, new(200));
        var stable = (await Read(Stable)).Stable!.Value;
        (stable.Requests, stable.UnderWay).ShouldBe((4, 3));
        foreach (var claim in hanging) claim.Release();
        (await Read(Stable)).Stable!.Value.UnderWay.ShouldBe(0);
    }

    [Fact]
    public async Task A_reader_that_comes_back_sees_what_has_come_since()
    {
        _first.Serve(30, new(200));
        var earlier = await Read(Stable);
        _second.Serve(12, new(200));
        var now = await Read(Stable);
        now.Epoch.ShouldBe(earlier.Epoch);
        now.Since(earlier).Stable!.Value.Requests.ShouldBe(12);
    }

    [Fact]
    public async Task A_gateway_that_was_started_anew_begins_another_epoch()
    {
        _first.Serve(30, new(200));
        var earlier = await Read(Stable);
        await _first.Stop();
        await _first.Start();
        _first.Serve(7, new(200));
        var now = await Read(Stable);
        now.Epoch.ShouldNotBe(earlier.Epoch);
        now.Since(earlier).Stable!.Value.Requests.ShouldBe(7);
    }

    [Fact]
    public async Task Of_a_shadow_its_own_answers_count()
    {
        Route(_first, new(Target.All(Candidate)));
        _first.Serve(3, new(200));
        _first.Serve(2, new(500) { Kind = ExchangeKind.Shadow });
        (await Read()).Candidate.Requests.ShouldBe(3);
        var before = (await Read()).Epoch;
        foreach (var gateway in new[] { _first, _second })
            Route(gateway, new(Target.All(Stable)) { Mirror = new(Candidate, Share.All, ["GET"]) });
        var totals = await Read();
        (totals.Candidate.Requests, totals.Candidate.Errors).ShouldBe((2, 2));
        totals.Epoch.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_no_source()
    {
        await _second.Stop();
        await Should.ThrowAsync<HttpRequestException>(() => Read());
    }

    [Fact]
    public async Task There_is_something_to_read_now_and_then()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _metrics.Counted += () => told.TrySetResult();
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
