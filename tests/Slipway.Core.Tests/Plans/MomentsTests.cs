using Shouldly;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

/// <summary>Other systems are asked at the same moments whatever the strategy.</summary>
public sealed class MomentsTests
{
    [Fact]
    public void A_canary_asks_at_each_of_its_moments() =>
        Asked(new StrategySpec.Canary { Steps = [Share.Percent(10), Share.All] }).ShouldBe(
        [
            "ConfirmRollout", "scale", "shift", "PreRollout", "ConfirmTrafficIncrease", "shift", "Rollout", "wait",
            "scale", "ConfirmTrafficIncrease", "ConfirmPromotion", "shift", "Rollout", "wait", "settle",
        ]);

    [Fact]
    public void Nobody_s_requests_are_held_while_another_system_makes_up_its_mind() =>
        Asked(new StrategySpec.Recreate()).ShouldBe(
        [
            "ConfirmRollout", "ConfirmTrafficIncrease", "ConfirmPromotion", "shift", "scale", "scale", "shift",
            "PreRollout", "shift", "settle",
        ]);

    [Fact]
    public void Traffic_that_is_taken_away_again_is_an_increase_each_time() =>
        Asked(new StrategySpec.BlueGreen { Validate = new() }).ShouldBe(
        [
            "ConfirmRollout", "scale", "shift", "PreRollout", "ConfirmTrafficIncrease", "shift", "Rollout", "wait",
            "shift", "ConfirmTrafficIncrease", "ConfirmPromotion", "shift", "settle",
        ]);

    [Fact]
    public void A_shadow_is_asked_about_and_never_promoted() =>
        Asked(new StrategySpec.Shadow()).ShouldBe(
            ["ConfirmRollout", "scale", "shift", "PreRollout", "shift", "Rollout", "wait", "shift", "scale"]);

    [Fact]
    public void Every_plan_stays_one_that_can_be_carried_out()
    {
        foreach (var strategy in PromotionTests.AllStrategies)
            for (var replicas = 1; replicas <= 4; replicas++)
            {
                var situation = Shop.Upgrade(With(strategy, replicas));
                var world = Releases.World.Empty.With(Shop.Old, replicas, 1).With(situation.Table, 1);
                PlanCheck.Forward(situation.Steps(), world).ShouldBeEmpty($"{strategy} of {replicas}");
            }
    }

    [Fact]
    public void A_first_deploy_asks_too() =>
        Told(Shop.First(With(new StrategySpec.Rolling(), 2)).Steps()).ShouldBe(
        [
            "ConfirmRollout", "scale", "shift", "PreRollout", "ConfirmTrafficIncrease", "ConfirmPromotion", "shift",
            "settle",
        ]);

    static IEnumerable<string> Asked(StrategySpec strategy) => Told(Shop.Upgrade(With(strategy, 4)).Steps());

    static ServiceSpec With(StrategySpec strategy, int replicas) => Shop.With(strategy, replicas).Sticky() with
    {
        Checks = new() { Webhooks = Enum.GetValues<WebhookMoment>().Select(at => new WebhookSpec(at, "x")).ToSeq() },
    };

    static IEnumerable<string> Told(Seq<Step> steps) => steps.Select(step => step switch
    {
        Step.Ask { Question: Question.Webhook webhook } => $"{webhook.Spec.At}",
        _ => step.GetType().Name.ToLowerInvariant(),
    });
}
