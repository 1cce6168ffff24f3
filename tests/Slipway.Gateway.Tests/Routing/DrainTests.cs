using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>What leaves answers what it was asked before.</summary>
public sealed class DrainTests
{
    readonly Street _street = new();

    public DrainTests() => _street.Route(new(Target.All(Street.One)));

    FleetTraffic One => _street.Site.Book.Of(Street.One);

    Task Drain(Fleet fleet, string? instance = null) => Draining.Drain(
        _street.Sites, _street.Site, fleet, instance, TimeSpan.FromSeconds(30), CancellationToken.None);

    [Fact]
    public async Task A_fleet_that_the_table_names_is_not_drained() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => Drain(Street.One)))
            .Message.ShouldContain("still names r1");

    [Fact]
    public async Task A_fleet_is_drained_when_what_was_under_way_is_over()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var instance = claim.Pick(null)!;
        _street.Route(new(Target.All(Street.Two)));
        var draining = Drain(Street.One);
        draining.IsCompleted.ShouldBeFalse();
        instance.Draining.ShouldBeTrue();
        instance.Done();
        draining.IsCompleted.ShouldBeFalse();
        claim.Release();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_instance_gets_nothing_new_and_an_older_snapshot_does_not_bring_it_back()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var leaving = claim.Pick(null)!;
        var draining = Drain(Street.One, leaving.Member.Instance);
        _street.Tell(Street.Of(Street.One, 2), Street.Of(Street.Two, 2));
        for (var i = 0; i < 50; i++)
        {
            var next = _street.Claim(Heads.Get("/"));
            next.Pick(null)!.ShouldNotBe(leaving);
            next.Release();
        }

        draining.IsCompleted.ShouldBeFalse();
        leaving.Done();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));
        claim.Release();
    }

    [Fact]
    public async Task An_instance_that_no_snapshot_names_any_more_is_still_waited_for()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var gone = claim.Pick(null)!;
        _street.Tell(Street.Of(Street.Two, 2));
        gone.Draining.ShouldBeTrue();
        var draining = Drain(Street.One, gone.Member.Instance);
        draining.IsCompleted.ShouldBeFalse();
        gone.Done();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_is_left_is_cut_a_little_before_the_time_is_over()
    {
        _street.Route(new(Target.All(Street.Two)));
        var instance = One.Roster.Ready[0];
        _ = Drain(Street.One);
        instance.MustEnd(_street.Lane.Now).ShouldBeFalse();
        instance.Left(_street.Lane.Now).ShouldBe(TimeSpan.FromSeconds(29));
        _street.Pass(TimeSpan.FromSeconds(29));
        instance.MustEnd(_street.Lane.Now).ShouldBeTrue();
    }

    [Fact]
    public void A_snapshot_says_who_is_draining_and_may_take_it_back()
    {
        var members = Street.Of(Street.One, 2);
        var leaving = One.Roster.Ready[0];
        _street.Tell([members[0] with { Draining = true }, members[1]]);
        leaving.Draining.ShouldBeTrue();
        One.Roster.Ready.ShouldBe([One.Roster.Ready.Single()]);
        One.Roster.Leaving.ShouldBe([leaving]);
        _street.Tell(members);
        leaving.Draining.ShouldBeFalse();
        One.Roster.Ready.ShouldContain(leaving);
    }

    [Fact]
    public void An_instance_that_comes_back_at_another_port_is_another_one()
    {
        var members = Street.Of(Street.One, 1);
        _street.Tell(members);
        var old = One.Roster.Ready.Single();
        _street.Tell([members[0] with { Port = 6_000 }]);
        One.Roster.Ready.Single().ShouldNotBe(old);
        old.Draining.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_is_drained_at_once()
    {
        await Drain(Street.Three);
        await Drain(Street.One, "unknown").WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>
    /// Loops pick instances while members come and go. An instance that was drained is marked; whoever holds a pick
    /// of a marked one has come in too late.
    /// </summary>
    [Fact]
    public async Task Members_that_change_under_load_let_nobody_in_too_late()
    {
        var drained = new System.Collections.Concurrent.ConcurrentDictionary<Instance, bool>();
        var stop = false;
        var loops = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            var lane = _street.Sites.OpenLane();
            var (head, late) = (Heads.Get("/"), 0);
            while (!Volatile.Read(ref stop))
            {
                var claim = _street.Site.Claim(head, Street.Anybody, lane);
                var instance = claim.Pick(null)!;
                if (drained.ContainsKey(instance)) late++;
                instance.Done();
                claim.Release();
            }

            return late;
        }, TaskCreationOptions.LongRunning)).ToList();

        for (var round = 1; round <= 1_000; round++)
        {
            var old = One.Roster.Ready[0];
            _street.Tell(Street.Of(Street.One, 2, from: round), Street.Of(Street.Two, 1));
            await Drain(Street.One, old.Member.Instance).WaitAsync(TimeSpan.FromSeconds(30));
            drained.TryAdd(old, true);
        }

        Volatile.Write(ref stop, true);
        (await Task.WhenAll(loops)).ShouldAllBe(late => late == 0);
    }
}
