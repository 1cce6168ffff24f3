using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>After an acknowledged swap nobody enters a fleet that the new table does not name.</summary>
public sealed class ClaimTests
{
    readonly Street _street = new();

    static RouteTable All(Fleet fleet) => new(Target.All(fleet));

    FleetTraffic Traffic(Fleet fleet) => _street.Site.Book.Of(fleet);

    [Fact]
    public void Begins_closed()
    {
        _street.Claim(Heads.Get("/")).Verdict.ShouldBe(Verdict.Refuse);
    }

    [Fact]
    public void Counts_as_under_way_until_it_is_released()
    {
        _street.Route(All(Street.One));
        var claim = _street.Claim(Heads.Get("/"));
        claim.Fleet.Fleet.ShouldBe(Street.One);
        claim.Fleet.UnderWay.ShouldBe(1);
        claim.Release();
        claim.Fleet.UnderWay.ShouldBe(0);
    }

    [Fact]
    public void A_swap_between_the_look_and_the_count_sends_the_request_to_the_new_fleet()
    {
        _street.Route(All(Street.One));
        var swapped = false;
        _street.Site.Meanwhile = () =>
        {
            if (swapped) return;
            swapped = true;
            _street.Route(All(Street.Two));
            Traffic(Street.One).UnderWay.ShouldBe(0); // what a drain would look at, right after the swap
        };

        var claim = _street.Claim(Heads.Get("/"));

        claim.Fleet.Fleet.ShouldBe(Street.Two);
        Traffic(Street.One).UnderWay.ShouldBe(0);
        Traffic(Street.Two).UnderWay.ShouldBe(1);
    }

    [Fact]
    public void A_table_that_refuses_wins_over_a_claim_that_has_begun()
    {
        _street.Route(All(Street.One));
        _street.Site.Meanwhile = () => _street.Route(RouteTable.Closed);
        _street.Claim(Heads.Get("/")).Verdict.ShouldBe(Verdict.Refuse);
        Traffic(Street.One).UnderWay.ShouldBe(0);
    }

    [Fact]
    public void A_fleet_without_a_ready_instance_makes_its_requests_wait()
    {
        _street.Route(All(Street.Three));
        var claim = _street.Claim(Heads.Get("/"));
        claim.Verdict.ShouldBe(Verdict.Hold);
        claim.HoldAtMost.ShouldBe(_street.Site.Options.Hold);
    }

    [Fact]
    public void A_side_of_a_split_where_nobody_is_ready_is_answered_for_by_the_other()
    {
        _street.Route(Street.Split(50));
        _street.Tell(Street.Of(Street.One, 1));
        for (var i = 0; i < 100; i++) _street.Ask(Heads.Get("/")).ShouldBe(Street.One);
        _street.Tell(Street.Of(Street.Two, 1));
        for (var i = 0; i < 100; i++) _street.Ask(Heads.Get("/")).ShouldBe(Street.Two);
        _street.Tell();
        _street.Claim(Heads.Get("/")).Verdict.ShouldBe(Verdict.Hold);
    }

    [Fact]
    public void A_table_that_holds_says_for_how_long()
    {
        _street.Route(new(new Target.Hold(TimeSpan.FromSeconds(7))));
        var claim = _street.Claim(Heads.Get("/"));
        claim.Verdict.ShouldBe(Verdict.Hold);
        claim.HoldAtMost.ShouldBe(TimeSpan.FromSeconds(7));
        claim.Release();
    }

    /// <summary>
    /// Two loops claim as fast as they can while tables are swapped and the old fleet is drained each time. A fleet
    /// that was drained is marked; whoever holds a claim on a marked fleet has come in too late.
    /// </summary>
    [Fact]
    public async Task Swaps_under_load_let_nobody_into_a_fleet_that_was_drained()
    {
        _street.Route(All(Street.One));
        var drained = new bool[4];
        var stop = false;
        var loops = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            var lane = _street.Sites.OpenLane();
            var (head, late) = (Heads.Get("/"), 0L);
            while (!Volatile.Read(ref stop))
            {
                var claim = _street.Site.Claim(head, Street.Anybody, lane);
                if (Volatile.Read(ref drained[claim.Fleet.Fleet.Revision])) late++;
                claim.Release();
            }

            return late;
        }, TaskCreationOptions.LongRunning)).ToList();

        for (var swaps = 0; swaps < 3_000; swaps++)
        {
            var (to, from) = swaps % 2 == 0 ? (Street.Two, Street.One) : (Street.One, Street.Two);
            Volatile.Write(ref drained[to.Revision], false);
            _street.Route(All(to));
            await Traffic(from).InFlight.Emptied().WaitAsync(TimeSpan.FromSeconds(30));
            Volatile.Write(ref drained[from.Revision], true);
        }

        Volatile.Write(ref stop, true);
        (await Task.WhenAll(loops)).ShouldAllBe(late => late == 0);
        Traffic(Street.One).UnderWay.ShouldBe(0);
        Traffic(Street.Two).UnderWay.ShouldBe(0);
    }
}
