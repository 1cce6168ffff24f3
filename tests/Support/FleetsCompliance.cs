using Shouldly;
using Slipway.Decisions;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Releases;
using Xunit;

namespace Slipway.Support;

/// <summary>What every target that runs instances promises: the simulated one as much as the real ones.</summary>
public abstract class FleetsCompliance
{
    protected const string Service = "shop";

    static readonly CancellationToken None = CancellationToken.None;

    protected abstract IFleets Fleets { get; }

    /// <summary>A revision whose instances come up and stay.</summary>
    protected abstract Revision Revision(int number);

    /// <summary>Waits, in the target's own time, until what it shows is so.</summary>
    protected abstract Task Until(Func<Seq<SeenFleet>, bool> fact);

    Task Resize(int revision, int size, long since) =>
        Fleets.Resize(new FleetOrder(Service, Revision(revision), size, since), None);

    async Task<SeenFleet?> Look(int revision) =>
        (await Fleets.Look(Service, None)).FirstOrDefault(fleet => fleet.Fleet == new Fleet(revision));

    Task UntilLive(int revision, int count) => Until(fleets =>
        fleets.FirstOrDefault(fleet => fleet.Fleet == new Fleet(revision))
            is { } fleet && fleet.Live == count && fleet.Ready == count);

    [Fact]
    public async Task What_was_never_ordered_is_not_there() => (await Fleets.Look(Service, None)).ShouldBeEmpty();

    [Fact]
    public async Task An_order_is_seen_at_once_with_the_sequence_that_asked_for_it()
    {
        await Resize(1, 2, since: 7);
        var seen = await Look(1);
        seen.ShouldNotBeNull();
        (seen.Fleet, seen.Size, seen.Since).ShouldBe((new Fleet(1), 2, 7L));
    }

    [Fact]
    public async Task Instances_come_up_and_are_counted_as_ready_and_available()
    {
        await Resize(1, 2, since: 7);
        await UntilLive(1, 2);
        var seen = await Look(1);
        seen.ShouldBe(new SeenFleet(new Fleet(1), 2, 7, Live: 2, Ready: 2, Available: 2, Failed: 0));
    }

    [Fact]
    public async Task A_fleet_grows_and_shrinks()
    {
        await Resize(1, 1, since: 1);
        await UntilLive(1, 1);
        await Resize(1, 2, since: 2);
        await UntilLive(1, 2);
        await Resize(1, 1, since: 3);
        await UntilLive(1, 1);
        await Resize(1, 0, since: 4);
        await UntilLive(1, 0);
    }

    [Fact]
    public async Task Two_fleets_live_side_by_side()
    {
        await Resize(1, 1, since: 1);
        await Resize(2, 1, since: 2);
        await UntilLive(1, 1);
        await UntilLive(2, 1);
        await Resize(1, 0, since: 3);
        await UntilLive(1, 0);
        (await Look(2))!.Ready.ShouldBe(1);
    }

    [Fact]
    public async Task An_older_order_is_refused_and_changes_nothing()
    {
        await Resize(1, 1, since: 7);
        await Should.ThrowAsync<OutdatedException>(() => Resize(1, 0, since: 6));
        var seen = await Look(1);
        (seen!.Size, seen.Since).ShouldBe((1, 7L));
    }

    [Fact]
    public async Task A_repeated_order_is_accepted_and_changes_nothing()
    {
        await Resize(1, 1, since: 7);
        await UntilLive(1, 1);
        await Resize(1, 1, since: 7);
        await Resize(1, 1, since: 7);
        var seen = await Look(1);
        (seen!.Live, seen.Ready, seen.Since).ShouldBe((1, 1, 7L));
    }

    [Fact]
    public async Task Of_orders_that_come_doubled_and_out_of_order_the_newest_counts()
    {
        await Resize(1, 1, since: 5);
        await Resize(1, 0, since: 9);
        await Should.ThrowAsync<OutdatedException>(() => Resize(1, 1, since: 5));
        await Should.ThrowAsync<OutdatedException>(() => Resize(1, 2, since: 8));
        await Resize(1, 0, since: 9);
        await UntilLive(1, 0);
        (await Look(1))!.Since.ShouldBe(9);
    }

    [Fact]
    public async Task A_stop_of_a_fleet_that_never_ran_is_remembered_so_that_a_late_start_is_refused()
    {
        await Resize(1, 0, since: 9);
        var seen = await Look(1);
        seen.ShouldBe(new SeenFleet(new Fleet(1), 0, 9, Live: 0, Ready: 0, Available: 0, Failed: 0));
        await Should.ThrowAsync<OutdatedException>(() => Resize(1, 1, since: 4));
    }

    [Fact]
    public async Task An_order_for_one_fleet_does_not_outdate_those_for_another()
    {
        await Resize(2, 0, since: 9);
        await Resize(1, 1, since: 3);
        (await Look(1))!.Since.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_size_at_a_later_sequence_is_confirmed_with_that_sequence()
    {
        await Resize(1, 1, since: 3);
        await UntilLive(1, 1);
        await Resize(1, 1, since: 8);
        (await Look(1)).ShouldBe(new SeenFleet(new Fleet(1), 1, 8, Live: 1, Ready: 1, Available: 1, Failed: 0));
    }
}
