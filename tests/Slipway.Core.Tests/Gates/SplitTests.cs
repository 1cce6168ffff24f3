using Shouldly;
using Slipway.Specification;
using Xunit;

namespace Slipway.Gates;

/// <summary>Whether the requests go where the route table says.</summary>
public sealed class SplitTests
{
    static readonly GateSpec Compare = new(new GateRule.Compare(Metric.ErrorRate));

    static Judge After(int seconds, double? share, Func<int, double> sent)
    {
        var judge = new Judge([Compare]);
        var draws = new Draws(4);
        for (var t = 0; t < seconds; t++)
        {
            var (mine, theirs) = (draws.Poisson(200 * sent(t)), draws.Poisson(200 * (1 - sent(t))));
            judge.Tick(new(1, new(mine, 0), new FleetCounts(theirs, 0)) { Share = share });
        }
        return judge;
    }

    [Fact]
    public void A_wrong_split_asks_and_is_no_verdict_on_the_version()
    {
        var judge = After(90, .05, _ => .12);
        judge.Verdict.ShouldBe(Verdict.WrongSplit);
        judge.Readings[0].Verdict.ShouldNotBe(Verdict.Fail);
        judge.Readings[1].Evidence.ShouldBe(
            "split 12 % (1,467 of 12,112) where the route says 5 %: "
            + "the requests do not go where they should, which says nothing of the version");
    }

    [Fact]
    public void A_right_split_says_nothing_for_hours()
    {
        for (var share = .01; share < 1; share += .14)
            After(7200, share, _ => share).Readings.Count.ShouldBe(1);
    }

    [Fact]
    public void A_split_that_was_right_for_long_is_found_wrong_within_minutes() =>
        After(3600 + 400, .05, t => t < 3600 ? .05 : 0).Verdict.ShouldBe(Verdict.WrongSplit);

    [Fact]
    public void A_split_that_is_right_again_lets_go() =>
        After(1200, .05, t => t < 300 ? .2 : .05).Verdict.ShouldNotBe(Verdict.WrongSplit);

    [Fact]
    public void What_is_still_under_way_after_a_change_of_the_route_is_waited_for() =>
        After(300, .25, t => t < 25 ? .05 : .25).Readings.Count.ShouldBe(1);

    [Fact]
    public void Where_no_share_decides_nothing_is_checked() =>
        After(300, null, _ => .5).Readings.Count.ShouldBe(1);

    [Fact]
    public void A_version_that_answers_nothing_has_got_its_share_all_the_same()
    {
        var gate = new GateSpec(new GateRule.Limit(Metric.Latency, Max: .2, Percentile: .99));
        var (judge, draws, underWay) = (new Judge([gate]), new Draws(4), 0L);
        for (var t = 0; t < 59; t++)
        {
            underWay += draws.Poisson(6);
            var stable = new FleetCounts(draws.Poisson(54), 0) { Latency = new([new(100, 54)]), UnderWay = 1 };
            judge.Tick(new(1, new(0, 0) { Latency = new([]), UnderWay = underWay }, stable) { Share = .1 });
        }

        judge.Verdict.ShouldBe(Verdict.Undecided);
        judge.Readings.Single().Evidence.ShouldBe($"p99: {underWay} under way, none answered yet");
    }

    [Fact]
    public void Requests_that_are_under_way_elsewhere_are_a_wrong_split()
    {
        var (judge, draws, underWay) = (new Judge([Compare]), new Draws(4), 0L);
        for (var t = 0; t < 90; t++)
        {
            underWay += draws.Poisson(20);
            judge.Tick(new(1, new(draws.Poisson(10), 0) { UnderWay = underWay }, new FleetCounts(draws.Poisson(180), 0))
            {
                Share = .05,
            });
        }

        judge.Verdict.ShouldBe(Verdict.WrongSplit);
    }

    /// <summary>Of few requests the share of one second is a lump: nothing may be lost in it.</summary>
    [Fact]
    public void Where_chance_alone_decides_the_tables_share_counts_and_not_the_seconds()
    {
        var told = new CountStream(new());
        var untold = new CountStream(new());
        told.Tick(1, new(0, 0, 1, 1), 0, .05);
        for (var t = 0; t < 3; t++)
        {
            told.Tick(1, new(1, 0, 1, 1), 1, .05);
            untold.Tick(1, new(1, 0, 1, 1), 1);
        }
        told.Equal.ShouldBeGreaterThan(100);
        untold.Equal.ShouldBeLessThan(10);
    }

    /// <summary>Who gets twice as many requests has twice as many errors, and is no worse.</summary>
    [Fact]
    public void A_router_that_sends_too_much_is_believed_as_it_comes_to_show()
    {
        var alarms = 0;
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var draws = new Draws(seed);
            var stream = new CountStream(new());
            for (var t = 0; t < 1800 && stream.Equal < 100; t++)
            {
                var (mine, theirs) = (draws.Poisson(20), draws.Poisson(180));
                var bad = draws.Poisson(20 * .002);
                stream.Tick(1, new(bad, draws.Poisson(180 * .002), mine, theirs), bad, .05);
            }
            if (stream.Equal >= 100) alarms++;
        }
        alarms.ShouldBeLessThanOrEqualTo(2);
    }
}
