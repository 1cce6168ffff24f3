using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Gateway.Routing;

/// <summary>Which instance of a fleet gets a request.</summary>
public sealed class InstanceTests
{
    readonly Street _street = new();

    public InstanceTests()
    {
        _street.Tell(Street.Of(Street.One, 4));
        _street.Route(new(Target.All(Street.One)));
        _street.Pass(Limits.SlowStart);
    }

    FleetTraffic One => _street.Site.Book.Of(Street.One);

    Instance Pick(Instance? not = null)
    {
        var claim = _street.Claim(Heads.Get("/"));
        var instance = claim.Pick(not)!;
        claim.Release();
        return instance;
    }

    Dictionary<Instance, int> Spread(int requests)
    {
        var spread = new Dictionary<Instance, int>();
        for (var i = 0; i < requests; i++)
        {
            var instance = Pick();
            instance.Done();
            spread[instance] = spread.GetValueOrDefault(instance) + 1;
        }

        return spread;
    }

    static void Fail(Instance instance, Failure kind = Failure.Broken)
    {
        for (var i = 0; i < Limits.FailuresInARow; i++) instance.Failed(kind);
    }

    [Fact]
    public void Long_requests_are_spread_by_what_is_under_way()
    {
        var held = Enumerable.Range(0, 400).Select(_ => Pick()).ToList();
        One.Roster.Ready.ShouldAllBe(instance => instance.UnderWay >= 90 && instance.UnderWay <= 110);
        foreach (var instance in held) instance.Done();
        One.Roster.Ready.ShouldAllBe(instance => instance.UnderWay == 0);
    }

    [Fact]
    public void A_retry_goes_to_another_one()
    {
        for (var i = 0; i < 100; i++)
        {
            var first = Pick();
            Pick(first).ShouldNotBe(first);
        }

        _street.Tell(Street.Of(Street.One, 1));
        var only = Pick();
        Pick(only).ShouldBe(only);
    }

    [Fact]
    public void Failures_in_a_row_put_an_instance_aside_and_an_answer_in_between_does_not()
    {
        var bad = One.Roster.Ready[1];
        for (var i = 1; i < Limits.FailuresInARow; i++) bad.Answered(503);
        bad.Answered(200);
        for (var i = 1; i < Limits.FailuresInARow; i++) bad.Failed(Failure.Timeout);
        bad.IsAside.ShouldBeFalse();
        bad.Answered(504);
        bad.IsAside.ShouldBeTrue();
        Spread(1_000).ShouldNotContainKey(bad);
    }

    [Fact]
    public void Two_connections_that_fail_are_enough()
    {
        var bad = One.Roster.Ready[1];
        bad.Failed(Failure.Connect);
        bad.IsAside.ShouldBeFalse();
        bad.Failed(Failure.Connect);
        bad.IsAside.ShouldBeTrue();
    }

    [Fact]
    public void After_a_while_a_single_request_tries_and_its_answer_decides()
    {
        var bad = One.Roster.Ready[1];
        Fail(bad);
        _street.Pass(Limits.AsideFirst);

        Pick().ShouldBe(bad);
        Spread(200).ShouldNotContainKey(bad); // nobody else tries meanwhile
        bad.Failed(Failure.Connect);
        bad.Done();
        bad.IsAside.ShouldBeTrue();

        _street.Pass(Limits.AsideFirst);
        Spread(200).ShouldNotContainKey(bad); // longer this time
        _street.Pass(Limits.AsideFirst);
        Pick().ShouldBe(bad);
        bad.Answered(200);
        bad.Done();
        bad.IsAside.ShouldBeFalse();
        Spread(1_000).ShouldContainKey(bad);
    }

    [Fact]
    public void A_trial_whose_client_has_gone_is_made_again()
    {
        var bad = One.Roster.Ready[1];
        Fail(bad);
        _street.Pass(Limits.AsideFirst);
        Pick().ShouldBe(bad);
        bad.Done();
        _street.Pass(Limits.AsideMax);
        Pick().ShouldBe(bad);
    }

    [Fact]
    public void Never_more_than_half_are_put_aside_and_never_the_last()
    {
        foreach (var instance in One.Roster.Ready) Fail(instance);
        One.Roster.Ready.Count(instance => instance.IsAside).ShouldBe(2);
        _street.Tell(Street.Of(Street.One, 1));
        foreach (var instance in One.Roster.Ready) Fail(instance);
        Pick().ShouldNotBeNull();

        _street.Tell(Street.Of(Street.One, 1, from: 9));
        Fail(One.Roster.Ready[0]);
        One.Roster.Ready[0].IsAside.ShouldBeFalse();
    }

    [Fact]
    public void A_new_instance_gets_less_than_its_part_at_first()
    {
        _street.Tell(Street.Of(Street.One, 5));
        var fresh = One.Roster.Ready[4];
        Spread(5_000)[fresh].ShouldBeInRange(50, 170);
        _street.Pass(Limits.SlowStart / 2);
        Spread(5_000)[fresh].ShouldBeInRange(400, 700);
        _street.Pass(Limits.SlowStart / 2);
        Spread(5_000)[fresh].ShouldBeInRange(800, 1_200);
    }

    [Fact]
    public void A_user_stays_on_an_instance_when_that_is_wanted_and_others_are_not_moved_when_one_goes()
    {
        var affinity = new AffinitySpec(AffinityKey.Header, "user") { To = AffinityTo.Instance };
        _street.Route(new(Target.All(Street.One)) { Affinity = affinity });
        var before = Enumerable.Range(0, 400).Select(PickFor).ToList();
        Enumerable.Range(0, 400).Select(PickFor).ShouldBe(before);
        before.CountBy(instance => instance).ShouldAllBe(pair => pair.Value > 60 && pair.Value < 140);

        _street.Tell(Street.Of(Street.One, 3));
        foreach (var (user, instance) in Enumerable.Range(0, 400).Select(PickFor).Index())
            if (before[user].Member.Instance != "shop-r1-3") instance.ShouldBe(before[user]);

        Instance PickFor(int user)
        {
            var claim = _street.Claim(Heads.Get("/", $"User: u{user}"));
            var instance = claim.Pick(null)!;
            instance.Done();
            claim.Release();
            return instance;
        }
    }

    [Fact]
    public void Slots_are_of_one_living_instance_each()
    {
        var slots = Slots();
        slots.Distinct().Count().ShouldBe(4);
        var kept = Pick();
        _street.Tell(Street.Of(Street.One, 4, from: 10)); // all are new
        Slots().ShouldNotContain(kept.Slot);
        Slots().Distinct().Count().ShouldBe(4);
        kept.Done();

        List<int> Slots() => [.. One.Roster.Ready.Select(instance => instance.Slot)];
    }

    [Fact]
    public void Retries_are_a_part_of_the_requests()
    {
        var claim = _street.Claim(Heads.Get("/"));
        var stored = 0;
        while (claim.MayRetry()) stored++;
        stored.ShouldBe((int)Limits.RetriesStored);

        for (var i = 0; i < 20; i++) claim.Record(new(200));
        var earned = 0;
        while (claim.MayRetry()) earned++;
        earned.ShouldBe(4);

        _street.Pass(TimeSpan.FromSeconds(2));
        claim.MayRetry().ShouldBeTrue();
        claim.MayRetry().ShouldBeTrue();
        claim.MayRetry().ShouldBeFalse();
    }

    [Fact]
    public void A_busy_fleet_may_ask_again_for_all_that_an_instance_was_answering_and_a_quiet_one_for_a_few()
    {
        var claim = _street.Claim(Heads.Get("/"));
        for (var i = 0; i < 50_000; i++) claim.Record(new(200));
        _street.Pass(TimeSpan.FromSeconds(100));
        Retries().ShouldBe(1_000); // a fifth of ten seconds
        _street.Pass(TimeSpan.FromHours(1));
        Retries().ShouldBe((int)Limits.RetriesStored);

        int Retries()
        {
            var retries = 0;
            while (claim.MayRetry()) retries++;
            return retries;
        }
    }
}
