using Shouldly;
using Slipway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Plans;

public sealed class CompilerTests
{
    public static TheoryData<string> Strategies => [.. All.Keys];

    static readonly Dictionary<string, StrategySpec> All = new()
    {
        ["recreate"] = new StrategySpec.Recreate(),
        ["rolling"] = new StrategySpec.Rolling { Interval = TimeSpan.FromSeconds(10) },
        ["rolling-in-place"] = Rolling(surge: 0, unavailable: 2) with { Batch = 2 },
        ["blue-green"] = new StrategySpec.BlueGreen(),
        ["blue-green-validated"] = new StrategySpec.BlueGreen
        {
            Validate = new(),
            Switch = [Share.Percent(50), Share.All],
            Promote = Promote.Manual,
        },
        ["canary"] = new StrategySpec.Canary(),
        ["ab-test"] = new StrategySpec.AbTest { Treatment = Share.Percent(30) },
        ["ab-test-kept"] = new StrategySpec.AbTest { Then = AbEnd.Keep },
        ["shadow"] = new StrategySpec.Shadow { Instances = CountOrPercent.Percent(50) },
    };

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_steps_of(string strategy) => Snapshot.MatchCase(strategy, string.Join("\n\n",
        from replicas in new[] { 1, 2, 4, 10 }
        let told = Shop.Upgrade(Shop.With(All[strategy], replicas).Sticky()).Told()
        select $"replicas: {replicas}\n{told}"));

    [Fact]
    public void Checks_approvals_and_hooks_stand_where_they_belong() => Snapshot.Match(string.Join("\n\n",
        new[] { "recreate", "rolling", "rolling-in-place", "blue-green", "canary", "ab-test", "shadow" }
            .Select(strategy => $"{strategy}\n{Shop.Upgrade(Shop.With(All[strategy]).Sticky().Checked()).Told()}")
            .Append($"first deploy\n{Shop.First(Shop.With(All["canary"]).Checked()).Told()}")));

    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_plan_that_was_compiled_has_a_problem(string strategy)
    {
        for (var replicas = 1; replicas <= 12; replicas++)
        {
            Forecaster.Problems(Shop.Upgrade(Shop.With(All[strategy], replicas).Sticky())).ShouldBeEmpty();
            Forecaster.Problems(Shop.Upgrade(Shop.With(All[strategy], replicas).Sticky().Checked())).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Blue_green_takes_the_traffic_of_its_validation_away_before_it_is_promoted()
    {
        var steps = Shop.Upgrade(Shop.With(All["blue-green-validated"]).Checked()).Steps().ToList();
        var approval = steps.FindIndex(step => step is Step.Ask { Question: Question.Approval });
        var shares = steps.Take(approval).OfType<Step.Shift>().Select(shift => shift.Table.ShareOf(Shop.New)).ToList();
        shares.ShouldBe([Share.None, Share.Percent(5), Share.None]);
        steps.Skip(approval).OfType<Step.Shift>().Last().Table.ShareOf(Shop.New).ShouldBe(Share.All);
    }

    [Fact]
    public void Blue_green_validated_by_its_preview_alone_needs_no_requests_and_moves_none()
    {
        var preview = new StrategySpec.BlueGreen { Validate = new() { Traffic = Share.None } };
        var steps = Shop.Upgrade(Shop.With(preview).Gated()).Steps();
        steps.OfType<Step.Wait>().Single().MinRequests.ShouldBe(0);
        steps.OfType<Step.Shift>().Count().ShouldBe(2, "the preview is opened, and everybody is moved");
    }

    [Fact]
    public void Steps_by_hand_wait_for_no_requests_while_nobody_sends_any()
    {
        var byHand = new StrategySpec.ByHand(
        [
            new HandStep.Scale(CountOrPercent.Percent(100)),
            new HandStep.Wait(TimeSpan.FromMinutes(1)),
            new HandStep.Shift(Share.All),
            new HandStep.Wait(TimeSpan.FromMinutes(1)),
            new HandStep.Settle(),
        ]);
        Shop.Upgrade(Shop.With(byHand).Gated()).Steps().OfType<Step.Wait>().Select(wait => wait.MinRequests)
            .ShouldBe([0, 100]);
    }

    [Fact]
    public void Blue_green_switches_at_once_without_a_step_between() =>
        Shop.Upgrade(All["blue-green"]).Steps().OfType<Step.Wait>().ShouldBeEmpty();

    [Fact]
    public void Rolling_with_both_limits_at_zero_is_refused() => Should.Throw<PlanException>(() =>
        Shop.Upgrade(Rolling(surge: 0, unavailable: 0)).Steps())
        .Message.ShouldBe("maxSurge and maxUnavailable cannot both be 0: nothing could ever be replaced.");

    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_strategy_waits_longer_for_its_instances_than_its_deadline(string strategy)
    {
        var spec = Shop.With(All[strategy] with { Deadline = TimeSpan.FromSeconds(90) }).Sticky();
        Compiler.Deploy(Shop.Upgrade(spec)).Budget.Deadline.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData(1, 25, 25, 1, 0)]
    [InlineData(3, 25, 25, 1, 0)]
    [InlineData(4, 25, 25, 1, 1)]
    [InlineData(10, 25, 25, 3, 2)]
    [InlineData(10, 33, 33, 4, 3)]
    [InlineData(1, 0, 25, 0, 1)]
    [InlineData(3, 0, 30, 0, 1)]
    [InlineData(2, 100, 100, 2, 2)]
    public void A_surge_is_rounded_up_and_what_may_be_missing_down(
        int replicas, double surge, double missing, int extra, int less)
    {
        var spec = new StrategySpec.Rolling
        {
            MaxSurge = CountOrPercent.Percent(surge),
            MaxUnavailable = CountOrPercent.Percent(missing),
        };
        var budget = RollingCompiler.BudgetOf(spec, replicas);
        (budget.Surge, budget.Unavailable).ShouldBe((extra, less));
    }

    [Fact]
    public void The_fleet_of_a_canary_always_suffices_for_its_share()
    {
        for (var replicas = 1; replicas <= 12; replicas++)
        {
            var size = 0;
            foreach (var step in Shop.Upgrade(All["canary"], replicas).Steps())
            {
                if (step is Step.Scale scale) size = scale.To;
                if (step is not Step.Shift shift) continue;
                if (shift.Table.ShareOf(Shop.New) is var share && share > Share.None)
                    size.ShouldBe(share.InstancesOf(replicas), $"{share} of {replicas}");
            }
        }
    }

    [Fact]
    public void A_canary_leaves_stable_as_it_is() =>
        Shop.Upgrade(All["canary"]).Steps().OfType<Step.Scale>().ShouldAllBe(scale => scale.Fleet == Shop.New);

    [Fact]
    public void People_begin_at_their_rule_s_step_and_the_last_wait_for_the_end()
    {
        Match beta = Having("beta"), best = Having("best");
        var canary = new StrategySpec.Canary
        {
            Rules =
            [
                new SegmentRule("beta", beta, Side.Candidate, Share.Percent(25)),
                new SegmentRule("best", best, Side.Last),
            ],
        };
        var tables = Shop.Upgrade(canary).Steps().OfType<Step.Shift>().Select(shift => shift.Table).ToList();
        tables.Select(table => Leads(table, "beta")).ShouldBe([Shop.Old, Shop.New, Shop.New, null]);
        tables.Select(table => Leads(table, "best")).ShouldBe([Shop.Old, Shop.Old, Shop.Old, null]);
        tables[^1].Rules.ShouldBeEmpty("in the end everybody is there");
    }

    [Fact]
    public void Who_is_not_known_stays_in_control()
    {
        var table = Shop.Upgrade(Shop.With(All["ab-test"]).Sticky(AffinityKey.Header, "user-id")).Steps()
            .OfType<Step.Shift>().First().Table;
        var rule = table.Rules.Single(rule => rule.Name == "anonymous");
        rule.When.All.ShouldBe([new Condition(Subject.Header, "user-id", Comparison.Exists, [], Not: true)]);
        rule.Target.ShouldBe(Target.All(Shop.Old));
    }

    [Fact]
    public void An_ab_test_needs_users_that_can_be_told_apart() =>
        Should.Throw<PlanException>(() => Shop.Upgrade(All["ab-test"]).Steps())
            .Message.ShouldContain("traffic.affinity");

    [Fact]
    public void A_shadow_ends_as_it_began_and_settles_nothing()
    {
        var s = Shop.Upgrade(All["shadow"]);
        s.Steps().ShouldNotContain(step => step is Step.Settle);
        s.Steps().OfType<Step.Shift>().Last().Table.ShouldBe(s.Table);
        s.Steps()[^1].ShouldBe(new Step.Scale(Shop.New, 2, 0));
        s.Steps().OfType<Step.Shift>().ShouldAllBe(shift => shift.Table.ShareOf(Shop.New) == Share.None);
    }

    [Fact]
    public void Recreate_holds_requests_until_the_new_version_answers()
    {
        var recreate = new StrategySpec.Recreate { Hold = TimeSpan.FromSeconds(20) };
        var steps = Shop.Upgrade(Shop.With(recreate).Checked()).Steps()
            .Where(step => step is Step.Shift or Step.Scale).ToList();
        ((Step.Shift)steps[0]).Table.Rest.ShouldBe(new Target.Hold(TimeSpan.FromSeconds(20)));
        steps.OfType<Step.Shift>().SkipLast(1).ShouldAllBe(shift => shift.Table.Holds);
        steps.OfType<Step.Scale>().ShouldBe([new(Shop.Old, 4, 0), new(Shop.New, 0, 4)]);
        ((Step.Shift)steps[^1]).Table.ShareOf(Shop.New).ShouldBe(Share.All);
    }

    [Fact]
    public void Without_gates_no_step_waits_for_requests()
    {
        Shop.Upgrade(All["canary"]).Steps().OfType<Step.Wait>().ShouldAllBe(wait => wait.MinRequests == 0);
        Shop.Upgrade(Shop.With(All["canary"]).Gated()).Steps().OfType<Step.Wait>()
            .ShouldAllBe(wait => wait.MinRequests == 100);
    }

    [Fact]
    public void A_warm_undo_asks_for_its_instances_and_is_one_change_of_the_route()
    {
        var warm = Shop.Upgrade(All["canary"]) with { CandidateSize = 4 };
        Compiler.Undo(warm).Steps.ShouldBe(
            [new Step.Scale(Shop.New, 4, 4), new Step.Shift(warm.Settled), new Step.Settle(Shop.New)]);
    }

    static StrategySpec.Rolling Rolling(int surge, int unavailable) => new()
    {
        MaxSurge = CountOrPercent.Count(surge),
        MaxUnavailable = CountOrPercent.Count(unavailable),
    };

    static Match Having(string segment) =>
        new([new Condition(Subject.Header, "user-segment", Comparison.Equal, [segment])]);

    static Fleet? Leads(RouteTable table, string rule) =>
        (table.Rules.FirstOrDefault(each => each.Name == rule)?.Target as Target.Split)?.Main;
}
