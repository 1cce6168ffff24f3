using Shouldly;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Plans;

public sealed class PlanCheckTests
{
    static readonly RouteTable Before = new(Target.All(Shop.Old));
    static readonly RouteTable Split = new(Target.Between(Shop.Old, Shop.New, Share.Percent(5)));
    static readonly RouteTable After = new(Target.All(Shop.New));
    static readonly World Start = World.Empty.With(Shop.Old, 4, 1).With(Before, 1);

    [Fact]
    public void A_plan_that_settles_is_sound() =>
        Problems(new Step.Scale(Shop.New, 0, 4), new Step.Shift(After), new Step.Settle(Shop.New)).ShouldBeEmpty();

    [Fact]
    public void A_plan_that_ends_as_it_began_is_sound() => Problems(
        new Step.Scale(Shop.New, 0, 1), new Step.Shift(Split), new Step.Shift(Before), new Step.Scale(Shop.New, 1, 0))
        .ShouldBeEmpty();

    [Fact]
    public void A_plan_without_steps_is_none() => Problems().ShouldBe(["the plan is empty"]);

    [Fact]
    public void Traffic_to_nobody() => Problems(new Step.Shift(Split), new Step.Shift(Before))
        .ShouldBe(["step 1: traffic would go to r2, which has no instances: scale it first"]);

    [Fact]
    public void A_mirror_to_nobody() => Problems(
            new Step.Shift(Before with { Mirror = new(Shop.New, Share.All, []) }), new Step.Shift(Before))
        .ShouldBe(["step 1: traffic would go to r2, which has no instances: scale it first"]);

    [Fact]
    public void A_fleet_stopped_under_its_traffic() => Problems(
            new Step.Scale(Shop.New, 0, 4), new Step.Shift(Split), new Step.Scale(Shop.Old, 4, 0),
            new Step.Shift(After), new Step.Settle(Shop.New))
        .ShouldBe(["step 3: r1 would be stopped while it gets 95 % of the traffic: shift it away first"]);

    [Fact]
    public void A_size_that_is_not_there() => Problems(
            new Step.Scale(Shop.New, 2, 4), new Step.Shift(After), new Step.Settle(Shop.New))
        .ShouldBe(["step 1: r2 has 0 instances there, not 2"]);

    [Fact]
    public void Less_than_no_instances() => Problems(new Step.Scale(Shop.New, 0, -1), new Step.Scale(Shop.New, -1, 0))
        .ShouldBe(["step 1: a fleet cannot have less than 0 instances"]);

    [Fact]
    public void A_check_that_could_reach_nobody() => Problems(
            new Step.Scale(Shop.New, 0, 4),
            new Step.Ask(new Question.Check("smoke", Shop.New, [], TimeSpan.FromSeconds(1))),
            new Step.Shift(After), new Step.Settle(Shop.New))
        .ShouldBe(["step 2: the check \"smoke\" could not reach r2: open its preview address first"]);

    [Fact]
    public void Settling_with_a_part_of_the_traffic() => Problems(
            new Step.Scale(Shop.New, 0, 4), new Step.Shift(Split), new Step.Settle(Shop.New))
        .ShouldBe(["step 3: r2 cannot settle with 5 % of the traffic: shift 100 % to it first"]);

    [Fact]
    public void Anything_after_settling() => Problems(
            new Step.Scale(Shop.New, 0, 4), new Step.Shift(After), new Step.Settle(Shop.New),
            new Step.Wait(TimeSpan.FromSeconds(1), 0))
        .ShouldBe(["step 4: nothing may come after settling"]);

    [Fact]
    public void An_end_that_is_neither_settled_nor_as_it_began() =>
        Problems(new Step.Scale(Shop.New, 0, 1), new Step.Set("flag new-checkout", "on"), new Step.Shift(Split))
        .ShouldBe(
        [
            "step 3: without settling ends with the traffic at r1 95 %, r2 5 %, not as it began (r1 100 %)",
            "step 3: without settling ends with 1 instances of r2, not 0 as it began",
            "step 3: without settling ends with flag new-checkout at on, not as it began",
        ]);

    [Fact]
    public void Steps_by_hand_pass_the_same_check()
    {
        var byHand = new StrategySpec.ByHand(
            [new HandStep.Scale(CountOrPercent.Count(1)), new HandStep.Shift(Share.Percent(5)), new HandStep.Settle()]);
        Forecaster.Problems(Shop.Upgrade(byHand))
            .ShouldBe(["step 3: 1.4.2 cannot settle with 5 % of the traffic: shift 100 % to it first"]);
    }

    static Seq<string> Problems(params Step[] plan) => PlanCheck.Forward(plan.ToSeq(), Start);
}
