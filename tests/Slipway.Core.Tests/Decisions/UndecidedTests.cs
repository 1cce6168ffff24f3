using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Releases;
using Slipway.Specification;
using static Slipway.Tests.Decisions.Judging;

namespace Slipway.Tests.Decisions;

/// <summary>Too little traffic is neither a failure nor a success.</summary>
public sealed class UndecidedTests
{
    static readonly StrategySpec.Canary Canary = new() { Every = TimeSpan.FromMinutes(5), MinRequests = 100 };

    [Theory]
    [InlineData(Undecided.Wait, true)]
    [InlineData(Undecided.Ask, false)]
    public void Told_to_wait_it_goes_on_by_itself_when_the_requests_have_come(Undecided policy, bool goesOn)
    {
        var table = Watching(Canary with { Undecided = policy });
        var step = table.Service.Run!.At;
        Says(table, Verdict.Undecided, requests: 3);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        Says(table, Verdict.Undecided, requests: 100);
        table.Turn();
        (table.Service.Run!.Mode == Mode.Forward && table.Service.Run.At == step + 1).ShouldBe(goesOn);
    }

    [Fact]
    public void No_step_ends_well_out_of_a_limit_and_it_goes_on_when_that_has_passed()
    {
        var table = Watching(Canary with { Pace = Pace.Asap });
        var (began, step) = (table.Now, table.Service.Run!.At);
        IsOver(table);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        (table.Now - began).ShouldBe(TimeSpan.FromMinutes(20));
        table.Service.Run!.Reason.ShouldBe(Reason.Undecided);
        table.Service.Run.Why.ShouldBe("rate 90.5 against 99; it goes on by itself when that has changed");
        Says(table, Verdict.Undecided, requests: 10_000);
        table.Turn();
        table.Service.Run!.At.ShouldBe(step + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_gate_that_has_just_begun_to_answer_ends_no_step(int minRequests)
    {
        var table = Watching(Canary with { MinRequests = minRequests });
        var step = table.Service.Run!.At;
        table.Look = seen => seen with
        {
            Judgement = JudgementOf(table, Verdict.Undecided, 10_000, false, true) with { Measured = false },
        };
        table.Until(service => service.Run!.Mode == Mode.Paused);
        table.Service.Run!.Why.ShouldBe("a metric source has answered too seldom in this step to judge by it; "
            + "it goes on by itself when that has changed");
        Says(table, Verdict.Undecided, requests: 10_000);
        table.Turn();
        table.Service.Run!.At.ShouldBe(step + 1);
    }

    [Theory]
    [InlineData(Undecided.Health)]
    [InlineData(Undecided.Ask)]
    public void Out_of_a_limit_no_policy_goes_on(Undecided policy)
    {
        var table = Watching(Canary with { Undecided = policy });
        IsOver(table);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        var step = table.Service.Run!.At;
        table.Order(id => new Command.Resume(id));
        table.Order(id => new Command.Promote(id, false)).Refusal.ShouldBeNull();
        table.Turn();
        table.Service.Run!.At.ShouldBe(step + 1, "a person may");
    }

    [Fact]
    public void Who_has_said_that_it_is_not_the_release_is_not_asked_for_the_same_limit_again()
    {
        var table = Watching(Canary);
        var step = table.Service.Run!.At;
        IsOver(table, Verdict.NotTheRelease);
        table.Turn();
        table.Service.Run!.Reason.ShouldBe(Reason.NotTheRelease);
        table.Order(id => new Command.Resume(id));
        table.Until(service => service.Run!.At > step);
    }

    [Fact]
    public void Paused_by_a_person_it_does_not_go_on_by_itself()
    {
        var table = Watching(Canary);
        Says(table, Verdict.Undecided, requests: 3);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        table.Order(id => new Command.Pause(id));
        Says(table, Verdict.Undecided, requests: 100_000);
        table.Turn().Events.ShouldBeEmpty();
    }

    [Fact]
    public void Judged_by_health_a_step_without_traffic_goes_on_after_its_patience()
    {
        var table = Watching(Canary with { Undecided = Undecided.Health });
        var (began, step) = (table.Now, table.Service.Run!.At);
        table.Until(service => service.Run!.At != step);
        (table.Now - began).ShouldBe(TimeSpan.FromMinutes(20));
        table.Until(service => service.Run is null);
        table.Service.History[^1].Outcome.ShouldBe(Outcome.Done);
    }
}
