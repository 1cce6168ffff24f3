using Shouldly;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>What stands under checks is asked by every plan that promotes somebody.</summary>
public sealed class PromotionTests
{
    public static TheoryData<string> Strategies => [.. All.Keys];

    static readonly Dictionary<string, StrategySpec> All = new()
    {
        ["recreate"] = new StrategySpec.Recreate(),
        ["rolling"] = new StrategySpec.Rolling { Interval = TimeSpan.FromSeconds(10) },
        ["blue-green"] = new StrategySpec.BlueGreen { Switch = [Share.Percent(50), Share.All] },
        ["canary"] = new StrategySpec.Canary(),
        ["canary of one step"] = new StrategySpec.Canary { Steps = [Share.All] },
        ["A/B test"] = new StrategySpec.AbTest(),
        ["steps by hand"] = new StrategySpec.ByHand(
        [
            new HandStep.Scale(CountOrPercent.Percent(100)),
            new HandStep.Shift(Share.All),
            new HandStep.Settle(),
        ]),
    };

    internal static IEnumerable<StrategySpec> AllStrategies => All.Values;

    static readonly ChecksSpec Asked = new()
    {
        BeforePromote = [new CheckSpec.Run(["./x"])],
        Approval = new() { By = ["release-managers"] },
    };

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_strategy_asks_before_the_candidate_gets_everything(string strategy)
    {
        for (var replicas = 1; replicas <= 5; replicas++)
        {
            var spec = Shop.With(All[strategy], replicas).Sticky() with { Checks = Asked };
            AreAsked(Shop.Upgrade(spec), Shop.New);
        }
    }

    [Fact]
    public void A_first_deploy_asks_before_any_traffic() =>
        AreAsked(Shop.First(Shop.With(new StrategySpec.Rolling()) with { Checks = Asked }), new(1));

    [Fact]
    public void Nobody_s_requests_are_held_while_a_person_is_asked()
    {
        foreach (var strategy in new[] { All["recreate"], All["rolling"] })
        {
            var steps = Shop.Upgrade(Shop.With(strategy, 1) with { Checks = Asked }).Steps().ToList();
            var approval = steps.FindIndex(step => step is Step.Ask { Question: Question.Approval });
            steps.Take(approval).OfType<Step.Shift>().ShouldAllBe(shift => !shift.Table.Holds, strategy.ToString());
        }
    }

    [Fact]
    public void What_steps_by_hand_ask_themselves_is_not_asked_twice()
    {
        var byHand = new StrategySpec.ByHand(
        [
            new HandStep.Scale(CountOrPercent.Percent(100)),
            new HandStep.Check("beforePromote"),
            new HandStep.Approve(["release-managers"], TimeSpan.FromHours(1)),
            new HandStep.Shift(Share.All),
            new HandStep.Settle(),
        ]);
        Shop.Upgrade(Shop.With(byHand) with { Checks = Asked }).Steps().OfType<Step.Ask>().Count().ShouldBe(2);
    }

    [Fact]
    public void A_plan_that_promotes_nobody_says_that_it_does_not_ask() =>
        Shop.Upgrade(Shop.With(new StrategySpec.Shadow()) with { Checks = Asked }).Forecast().Warnings
            .ShouldContain(warning => warning.Contains("never promoted", StringComparison.Ordinal));

    static void AreAsked(Situation s, Fleet candidate)
    {
        var steps = s.Steps().ToList();
        var promoted = steps.FindIndex(step => step is Step.Shift x && x.Table.ShareOf(candidate) == Share.All);
        var asked = steps.Take(promoted).OfType<Step.Ask>().Select(ask => ask.Question).ToList();
        asked.ShouldContain(question => question is Question.Approval && ((Question.Approval)question).By.Count == 1);
        asked.ShouldContain(question => question is Question.Check);
        Forecaster.Problems(s).ShouldBeEmpty();
    }
}
