using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Tests.Decisions;

namespace Slipway.Tests.Running;

public sealed class GaugeTests
{
    static readonly StrategySpec Canary = new StrategySpec.Canary { Pace = Pace.Asap, MinRequests = 0 };

    static readonly StrategySpec TwoWaits = new StrategySpec.ByHand(
    [
        new HandStep.Scale(CountOrPercent.Percent(100)),
        new HandStep.Shift(Routing.Share.Percent(50)),
        new HandStep.Wait(TimeSpan.FromMinutes(1)),
        new HandStep.Approve([], TimeSpan.FromHours(1)),
        new HandStep.Wait(TimeSpan.FromMinutes(1)),
        new HandStep.Shift(Routing.Share.All),
        new HandStep.Settle(),
    ]);

    static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void After_a_crash_the_evidence_of_one_step_does_not_count_for_the_next()
    {
        var service = Watched(Canary);
        var living = Fed(service, 5_000);
        service = Then(service, new Event.Weighed(living.Says(service, Now)!.State!));
        Reborn(service).Says(service, Now)!.Requests.ShouldBe(5_000, "the same step goes on where it was");

        var next = NextWait(service);

        Reborn(next).Says(next, Now)!.Requests.ShouldBe(0);
        living.Follow(next, Now);
        living.Says(next, Now)!.Requests.ShouldBe(0);
    }

    [Fact]
    public void What_was_proven_at_one_share_is_to_be_proven_anew_at_the_next()
    {
        var service = Watched(Canary);
        var gauge = Fed(service, 50_000);
        gauge.Says(service, Now)!.Harmless.ShouldBeTrue();

        var next = NextWait(service);

        gauge.Follow(next, Now).ShouldBeTrue();
        gauge.Says(next, Now)!.Harmless.ShouldBeFalse();
        gauge.Says(next, Now)!.State.ShouldBeNull("sums from before it would bring it back after a crash");
    }

    [Fact]
    public void A_second_wait_at_the_same_share_counts_for_itself()
    {
        var service = Watched(TwoWaits);
        var gauge = Fed(service, 5_000);
        var next = NextWait(service);
        gauge.Follow(next, Now);
        gauge.Says(next, Now)!.Requests.ShouldBe(0);
    }

    [Fact]
    public void Counts_from_before_the_release_are_no_evidence_when_the_source_counts_a_new_fleet()
    {
        var service = Watched(Canary);
        var gauge = Reborn(service);
        var fleet = service.Run!.Candidate;
        gauge.Take(fleet, new("one", TimeSpan.FromHours(1), default, new(9_000, 0)), Now);
        gauge.Take(fleet, new("two", TimeSpan.FromHours(1), new(10, 0), new(9_100, 0)), Now.AddSeconds(1));
        gauge.Says(service, Now)!.Requests.ShouldBe(0);
        gauge.Take(fleet, new("two", TimeSpan.FromHours(1), new(30, 0), new(9_200, 0)), Now.AddSeconds(2));
        gauge.Says(service, Now)!.Requests.ShouldBe(20);
    }

    [Fact]
    public void What_a_source_has_counted_since_it_began_anew_is_all_new()
    {
        var service = Watched(Canary);
        var gauge = Reborn(service);
        var fleet = service.Run!.Candidate;
        gauge.Take(fleet, new("one", TimeSpan.FromHours(1), new(500, 0), new(9_000, 0)), Now);
        gauge.Take(fleet, new("two", TimeSpan.FromSeconds(3), new(10, 0), new(100, 0)), Now.AddSeconds(5));
        gauge.Says(service, Now)!.Requests.ShouldBe(10);
    }

    [Fact]
    public void A_share_is_checked_only_once_every_gateway_has_it_and_nothing_else_decides()
    {
        var service = Watched(Canary);
        var (fleet, want) = (service.Run!.Candidate, service.Want.Table);
        var seen = new Seen { Table = new(want.Value, want.Since) };
        Gauge.ShareOf(service, seen, fleet).ShouldBe(.05);
        Gauge.ShareOf(service, seen with { Table = new(want.Value, want.Since - 1) }, fleet).ShouldBeNull();
        Gauge.ShareOf(service, Seen.Nothing, fleet).ShouldBeNull();
        var sticky = want.Value with { Affinity = new(AffinityKey.Cookie, "slipway") };
        Gauge.ShareOf(service, new() { Table = new(sticky, want.Since) }, fleet).ShouldBeNull();
    }

    [Fact]
    public void Of_the_totals_of_another_system_only_what_has_come_since_is_evidence()
    {
        Totals At(int bad, int all) => new("1", TimeSpan.FromSeconds(all), default, default(FleetCounts))
        {
            Counted = [new("payments", new(bad, all), new EventCount(3, 40))],
        };
        At(5, 100).Since(At(2, 60)).Counted.ShouldBe([new CustomCount("payments", new(3, 40), new EventCount(0, 0))]);
        At(1, 10).Since(At(2, 60)).Counted.ShouldBe(
            [new CustomCount("payments", new(1, 10), new EventCount(0, 0))], "it has begun anew");
        At(5, 100).Since(At(2, 60) with { Counted = [] }).Counted.ShouldBeEmpty();
    }

    /// <summary>A limit is the user's: sums with it can be too large for a number.</summary>
    [Fact]
    public void Sums_that_cannot_be_written_are_kept_from_the_journal()
    {
        var limit = new GateRule.Limit(Metric.Custom, Max: 1e300) { Source = new("queue", "http", "…") };
        var service = Watched(Canary, new GateSpec(limit) { DryRun = true });
        var gauge = Reborn(service);
        for (var second = 0; second <= 120; second++)
        {
            var totals = Totals(service, second, new(100 * second, 0)) with { Custom = [new("queue", 5, 4)] };
            gauge.Take(service.Run!.Candidate, totals, Now.AddSeconds(second));
            (gauge.Says(service, Now)!.State?.Values ?? []).ShouldAllBe(number => double.IsFinite(number));
        }

        gauge.Says(service, Now)!.Requests.ShouldBe(12_000);
    }

    static Service Watched(StrategySpec strategy, params GateSpec[] more)
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.ErrorRate, Max: .01));
        var table = Table.With(strategy, spec => spec with { Gates = [gate, .. more] }).Live();
        table.Deploy("2.0");
        return table.Until(service => service.Run!.Step is Step.Wait).Service;
    }

    static Gauge Fed(Service service, long requests)
    {
        var gauge = Reborn(service);
        for (var second = 0; second <= 20; second++)
        {
            var candidate = new FleetCounts(requests * second / 20, 0);
            gauge.Take(service.Run!.Candidate, Totals(service, second, candidate), Now.AddSeconds(10 * second));
        }

        return gauge;
    }

    static Totals Totals(Service service, int second, FleetCounts candidate) =>
        new("1", TimeSpan.FromSeconds(second), candidate, new FleetCounts(10_000 * second, second));

    static Gauge Reborn(Service service)
    {
        var gauge = new Gauge();
        gauge.Follow(service, Now);
        return gauge;
    }

    static Service NextWait(Service service)
    {
        do service = Then(service, new Event.Entered(service.Run!.At + 1));
        while (service.Run!.Step is not Step.Wait);
        return service;
    }

    static Service Then(Service service, Event e) =>
        service.Apply(new Recorded(service.Sequence + 1, Now, e));
}
