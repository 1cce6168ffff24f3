using System.Text;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>How many requests, and which users, a share is.</summary>
public sealed class ShareTests
{
    readonly Street _street = new();

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(33.33)]
    [InlineData(50)]
    [InlineData(99.99)]
    public void Without_affinity_any_stretch_of_requests_is_within_two_of_its_share(double percent)
    {
        _street.Route(Street.Split(percent));
        var head = Heads.Get("/");
        var drawn = new int[40_001]; // how many of the first i went to the second fleet
        for (var i = 1; i < drawn.Length; i++) drawn[i] = drawn[i - 1] + (_street.Ask(head) == Street.Two ? 1 : 0);

        var (least, most) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < drawn.Length; i++)
        {
            var error = drawn[i] - (i * percent / 100);
            (least, most) = (Math.Min(least, error), Math.Max(most, error));
        }

        (most - least).ShouldBeLessThan(2.1); // of any stretch: the difference of two of these
    }

    [Fact]
    public void Requests_that_come_in_a_rhythm_are_not_all_on_one_side()
    {
        _street.Route(Street.Split(50));
        var head = Heads.Get("/");
        var even = 0;
        for (var i = 0; i < 20_000; i++)
            if (_street.Ask(head) == Street.Two && i % 2 == 0) even++;
        even.ShouldBeInRange(4_500, 5_500);
    }

    [Fact]
    public void A_share_that_changes_all_the_time_is_kept_too()
    {
        var head = Heads.Get("/");
        var (drawn, wanted) = (0, 0.0);
        for (var i = 0; i < 2_000; i++)
        {
            var percent = i % 100;
            _street.Route(Street.Split(percent));
            wanted += percent / 100.0;
            if (_street.Ask(head) == Street.Two) drawn++;
        }

        ((double)drawn).ShouldBeInRange(wanted - 120, wanted + 120); // six times what chance alone does
    }

    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    [InlineData(50)]
    public void A_million_users_are_within_a_tenth_of_a_point(double percent)
    {
        var placing = SipHash.Salted("shop-7");
        var basis = Share.Percent(percent).Basis;
        var within = 0;
        Span<byte> user = stackalloc byte[16];
        for (var i = 0; i < 1_000_000; i++)
        {
            var length = Encoding.ASCII.GetBytes($"user-{i}", user);
            if (CompiledAffinity.PointOf(placing.Of(user[..length])) < basis) within++;
        }

        (within / 10_000.0).ShouldBe(percent, 0.1);
    }

    [Fact]
    public void Raising_the_share_moves_nobody_back_and_nobody_flips()
    {
        var affinity = new AffinitySpec(AffinityKey.Header, "user");
        var users = Enumerable.Range(0, 2_000).Select(i => Heads.Get("/", $"User: u{i}")).ToList();
        var there = new HashSet<int>();
        foreach (var percent in new[] { 0.5, 5, 25, 50, 99.99 })
        {
            _street.Route(Street.Split(percent, affinity));
            var now = users.Index().Where(user => _street.Ask(user.Item) == Street.Two).Select(user => user.Index)
                .ToHashSet();
            now.IsSupersetOf(there).ShouldBeTrue();
            users.Index().Where(user => _street.Ask(user.Item) == Street.Two).Select(user => user.Index)
                .ShouldBe(now.Order());
            there = now;
        }

        there.Count.ShouldBeGreaterThan(1_980);
    }

    [Fact]
    public void Another_salt_puts_other_users_first()
    {
        var affinity = new AffinitySpec(AffinityKey.Header, "user");
        var users = Enumerable.Range(0, 2_000).Select(i => Heads.Get("/", $"User: u{i}")).ToList();
        var first = Chosen("shop-1");
        var second = Chosen("shop-2");
        first.Intersect(second).Count().ShouldBeInRange(50, 150); // a tenth of a half of 2,000 by chance: 100

        HashSet<int> Chosen(string salt)
        {
            _street.Route(Street.Split(salt == "shop-1" ? 50 : 10, affinity, salt));
            return users.Index().Where(user => _street.Ask(user.Item) == Street.Two).Select(user => user.Index)
                .ToHashSet();
        }
    }

    [Fact]
    public void An_address_is_a_user_when_it_is_asked_for()
    {
        _street.Route(Street.Split(50, new AffinitySpec(AffinityKey.Address, "")));
        var fleets = Enumerable.Range(0, 200).Select(_ => _street.Ask(Heads.Get("/"))).Distinct();
        fleets.Count().ShouldBe(1);
    }

    [Fact]
    public void Who_has_no_header_is_drawn_request_by_request()
    {
        _street.Route(Street.Split(50, new AffinitySpec(AffinityKey.Header, "user")));
        Enumerable.Range(0, 200).Count(_ => _street.Ask(Heads.Get("/")) == Street.Two).ShouldBeInRange(98, 102);
    }

    [Fact]
    public void Two_loops_begin_at_different_places()
    {
        _street.Route(Street.Split(1));
        var firsts = Enumerable.Range(0, 20).Select(_ =>
        {
            var lane = _street.Sites.OpenLane();
            return Enumerable.Range(0, 300).First(i =>
            {
                var claim = _street.Claim(Heads.Get("/"), lane);
                claim.Release();
                return claim.Fleet.Fleet == Street.Two;
            });
        });
        firsts.Distinct().Count().ShouldBeGreaterThan(10);
    }
}
