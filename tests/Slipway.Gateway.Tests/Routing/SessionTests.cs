using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>Sessions that the app tells of stay where they live.</summary>
public sealed class SessionTests
{
    readonly Street _street = new();

    FleetTraffic Traffic(Fleet fleet) => _street.Site.Book.Of(fleet);

    /// <summary>A user whom the app has put into a state on the first fleet.</summary>
    string UserIn(string state)
    {
        _street.Route(All(Street.One));
        var claim = _street.Claim(Heads.Get("/"));
        claim.TookSession(System.Text.Encoding.ASCII.GetBytes(state));
        claim.Release();
        return Street.Returned(Street.CookieLine(ref claim));
    }

    static RouteTable All(Fleet fleet) => new(Target.All(fleet)) { Affinity = Street.ByCookie() };

    [Theory]
    [InlineData("active", true)]
    [InlineData("checkout", true)]
    [InlineData("payment_in_progress", true)]
    [InlineData("Two words, or more", true)]
    [InlineData("waiting", false)]
    [InlineData("new", false)]
    [InlineData("ended", false)]
    public void A_live_session_stays_on_its_fleet_when_the_table_moves_on(string state, bool stays)
    {
        var user = UserIn(state);
        _street.Route(All(Street.Two));
        _street.Ask(Heads.Get("/", user)).ShouldBe(stays ? Street.One : Street.Two);
    }

    [Fact]
    public void When_it_ends_its_user_follows_the_table()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two));
        var last = _street.Claim(Heads.Get("/", user));
        last.TookSession("ended"u8);
        last.HasCookie.ShouldBeTrue();
        var after = Street.Returned(Street.CookieLine(ref last));
        _street.Ask(Heads.Get("/", after)).ShouldBe(Street.Two);
    }

    [Fact]
    public void A_preview_and_a_hold_go_before_a_session()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two) with
        {
            Rules = [new($"{Rule.PreviewName} candidate",
                new([new(Subject.Header, "Slipway-Preview", Comparison.Equal, ["two"])]), Target.All(Street.Two))],
        });
        _street.Ask(Heads.Get("/", user, "Slipway-Preview: two")).ShouldBe(Street.Two);
        _street.Route(new(new Target.Hold(TimeSpan.FromSeconds(5))) { Affinity = Street.ByCookie() });
        _street.Claim(Heads.Get("/", user)).Verdict.ShouldBe(Verdict.Hold);
    }

    [Fact]
    public void Rules_see_the_state_and_what_is_unknown_counts_as_active()
    {
        var (waiting, active, paying) = (UserIn("waiting"), UserIn("active"), UserIn("paying"));
        var first = _street.Claim(Heads.Get("/"));
        var silent = Street.Returned(Street.CookieLine(ref first));
        _street.Route(new(Target.All(Street.Three))
        {
            Affinity = Street.ByCookie(),
            Rules =
            [
                new("active", Session("active"), Target.All(Street.One)),
                new("new and waiting", Session("new", "waiting"), Target.All(Street.Two)),
            ],
        });

        _street.Ask(Heads.Get("/", active)).ShouldBe(Street.One);
        _street.Ask(Heads.Get("/", silent)).ShouldBe(Street.One);
        _street.Ask(Heads.Get("/", paying)).ShouldBe(Street.One);
        _street.Ask(Heads.Get("/", waiting)).ShouldBe(Street.Two);
        _street.Ask(Heads.Get("/")).ShouldBe(Street.Two);
    }

    [Fact]
    public void Where_no_cookie_can_tell_everybody_may_be_in_a_session()
    {
        _street.Route(new(Target.All(Street.Two))
        {
            Rules = [new("active", Session("active"), Target.All(Street.One))],
        });
        _street.Ask(Heads.Get("/")).ShouldBe(Street.One);
    }

    [Fact]
    public async Task A_session_that_had_to_move_keeps_its_new_fleet()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two));
        _street.Tell(Street.Of(Street.Two, 2));
        var moved = _street.Claim(Heads.Get("/", user));
        moved.TookSession("active"u8);
        var after = Street.Returned(Street.CookieLine(ref moved));
        moved.Release();

        _street.Tell(Street.Of(Street.Two, 2), Street.Of(Street.Three, 1));
        _street.Route(All(Street.Three));
        var draining = Draining.Drain(
            _street.Sites, _street.Site, Street.Two, null, TimeSpan.FromMinutes(1), CancellationToken.None);
        draining.IsCompleted.ShouldBeFalse();
        var last = _street.Claim(Heads.Get("/", after));
        last.Fleet.Fleet.ShouldBe(Street.Two);
        last.TookSession("ended"u8);
        last.Release();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_state_that_is_no_word_is_an_active_one_and_an_empty_one_says_nothing()
    {
        _street.Route(All(Street.One));
        var claim = _street.Claim(Heads.Get("/", UserIn("active")));
        claim.TookSession("no word"u8);
        claim.TookSession("a-word-that-is-too-long"u8);
        claim.TookSession(""u8);
        claim.HasCookie.ShouldBeFalse();
    }

    [Fact]
    public async Task A_drain_waits_for_sessions_that_live_there()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two));
        var draining = Draining.Drain(
            _street.Sites, _street.Site, Street.One, null, TimeSpan.FromMinutes(1), CancellationToken.None);
        draining.IsCompleted.ShouldBeFalse();

        var last = _street.Claim(Heads.Get("/", user));
        last.Fleet.Fleet.ShouldBe(Street.One);
        var instance = last.Pick(null)!;
        instance.Draining.ShouldBeTrue();
        last.TookSession("ended"u8);
        instance.Done();
        last.Release();
        await draining.WaitAsync(TimeSpan.FromSeconds(30));

        _street.Ask(Heads.Get("/", user)).ShouldBe(Street.Two); // closed: the cookie from before leads nowhere
    }

    [Fact]
    public async Task After_the_deadline_sessions_count_no_more()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two));
        var draining = Draining.Drain(
            _street.Sites, _street.Site, Street.One, null, TimeSpan.FromSeconds(10), CancellationToken.None);
        draining.IsCompleted.ShouldBeFalse();
        _street.Pass(TimeSpan.FromSeconds(10));
        _street.Ask(Heads.Get("/", user)).ShouldBe(Street.Two);
        await draining.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_session_whose_fleet_is_gone_follows_the_table()
    {
        var user = UserIn("active");
        _street.Route(All(Street.Two));
        _street.Tell(Street.Of(Street.Two, 2));
        Traffic(Street.One).UnderWay.ShouldBe(0);
        _street.Ask(Heads.Get("/", user)).ShouldBe(Street.Two);
    }

    static Match Session(params string[] words) =>
        new([new(Subject.Session, "", Comparison.In, words.ToSeq())]);
}
