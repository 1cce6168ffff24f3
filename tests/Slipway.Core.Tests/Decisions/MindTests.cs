using Shouldly;
using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;
using static Slipway.Tests.Decisions.Judging;

namespace Slipway.Tests.Decisions;

public sealed class MindTests
{
    static readonly StrategySpec.Canary Canary = new() { Every = TimeSpan.FromMinutes(5), MinRequests = 100 };

    [Theory]
    [InlineData("forward")]
    [InlineData("paused")]
    [InlineData("at an approval")]
    public void A_gate_that_fails_turns_back_in_the_same_append_whatever_the_mode(string mode)
    {
        var approval = mode == "at an approval" ? new ApprovalSpec() : null;
        var table = Judged(
            Canary with { MinRequests = 0 }, spec => spec with { Checks = new() { Approval = approval } });
        table.Deploy("2.0");
        table.Until(service => mode == "at an approval" ? service.Run!.AwaitsApproval : service.Run!.Step is Step.Wait);
        if (mode == "paused") table.Order(id => new Command.Pause(id));

        Says(table, Verdict.Fail, requests: 5);
        table.Turn().Events.Select(e => e.GetType().Name).ShouldBe(["Judged", "TurnedBack", "Entered"]);
        table.Service.Run!.Reason.ShouldBe(Reason.GateFailed);
        table.Service.Run.Why.ShouldBe("errors 5 %");
    }

    [Fact]
    public void A_gate_that_fails_comes_before_any_command()
    {
        var table = Watching(Canary);
        Says(table, Verdict.Fail, requests: 5);
        var decision = table.Order(id => new Command.Promote(id, true));
        decision.Events.ShouldContain(e => e is Event.TurnedBack);
        decision.Settles.ShouldBeFalse("the command is decided in the next turn, in the new mode");
    }

    [Fact]
    public void A_dry_run_gate_is_shown_and_never_acted_on()
    {
        var table = Watching(Canary);
        Says(table, Verdict.Fail, requests: 500, acts: false);
        table.Until(service => service.Run is null);
        table.Service.History[^1].Outcome.ShouldBe(Outcome.Done);
    }

    [Fact]
    public void A_gate_that_fails_on_both_sides_pauses_with_not_the_release()
    {
        var table = Watching(Canary);
        Says(table, Verdict.NotTheRelease, requests: 500);
        table.Turn().Events.Select(e => e.GetType().Name).ShouldBe(["Judged", "Paused"]);
        table.Service.Run!.Reason.ShouldBe(Reason.NotTheRelease);
    }

    [Fact]
    public void A_split_that_is_not_the_routes_pauses_by_name_until_a_person_goes_on()
    {
        var table = Watching(Canary);
        Says(table, Verdict.WrongSplit, requests: 500);
        table.Turn().Events.Select(e => e.GetType().Name).ShouldBe(["Judged", "Paused"]);
        table.Service.Run!.Reason.ShouldBe(Reason.WrongSplit);
        table.Order(id => new Command.Resume(id));
        table.Turn();
        table.Service.Run!.Mode.ShouldBe(Mode.Forward);
    }

    [Theory]
    [InlineData(Undecided.Wait, "; it goes on by itself when that has changed")]
    [InlineData(Undecided.Ask, "")]
    public void Too_little_traffic_is_neither_failure_nor_success_but_a_question(Undecided policy, string then)
    {
        var table = Watching(Canary with { Undecided = policy });
        var began = table.Now;
        Says(table, Verdict.Undecided, requests: 3);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        (table.Now - began).ShouldBe(TimeSpan.FromMinutes(20));
        table.Service.Run!.Reason.ShouldBe(Reason.Undecided);
        table.Service.Run.Why.ShouldBe($"only 3 of 100 requests came in 20 min: too few to judge{then}");
    }

    [Fact]
    public void Proven_harmless_a_step_may_end_early_but_not_before_its_minimum()
    {
        var table = Watching(Canary with { Pace = Pace.Asap, Minimum = TimeSpan.FromSeconds(30) });
        var began = table.Now;
        Says(table, Verdict.NoHarm, requests: 5_000, harmless: true);
        var step = table.Service.Run!.At;
        table.Until(service => service.Run!.At != step);
        (table.Now - began).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_silent_metric_source_rolls_nothing_back_and_says_so()
    {
        var table = Watching(Canary with { Undecided = Undecided.Ask });
        Says(table, Verdict.Undecided, requests: 500, answering: false);
        table.Until(service => service.Run!.Mode == Mode.Paused);
        table.Service.Run!.Why.ShouldBe("a metric source does not answer, so nothing can be judged");
    }

    [Fact]
    public void Instances_that_do_not_come_in_time_turn_back_by_name()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Look = seen => Slow(table, seen);
        table.Until(service => service.Run is { Mode: Mode.Back });
        table.Service.Run!.Reason.ShouldBe(Reason.ScaleDeadline);
        table.Service.Run.Why.ShouldBe("0 of 1 instances were ready within 10 min");
    }

    [Fact]
    public void A_route_that_no_gateway_confirms_turns_back_by_name()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        var old = table.Seen.Table;
        table.Look = seen => seen with { Table = old };
        table.Until(service => service.Run is { Mode: Mode.Back });
        table.Service.Run!.Reason.ShouldBe(Reason.RouteDeadline);
    }

    [Fact]
    public void An_approval_that_nobody_gives_expires_by_name()
    {
        var approval = new ApprovalSpec { Timeout = TimeSpan.FromHours(1) };
        var table = Table.With(Canary, spec => spec with { Checks = new() { Approval = approval } }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run is { Mode: Mode.Back });
        table.Service.Run!.Reason.ShouldBe(Reason.ApprovalExpired);
        table.Service.Run.Why.ShouldBe("nobody approved within 60 min");
    }

    [Theory]
    [InlineData(0.19, 10, 1, true)]   // 10 % failed, tolerated below 19 %
    [InlineData(0.20, 10, 2, false)]  // 20 % is not below 20 %
    [InlineData(0.0, 10, 1, false)]
    public void Failed_instances_below_the_tolerance_do_not_stop_a_rolling_release(
        double tolerate, int replicas, int failed, bool goesOn)
    {
        var rolling = new StrategySpec.Rolling
        {
            Batch = replicas,
            MaxSurge = CountOrPercent.Percent(100),
            TolerateFailures = tolerate,
        };
        var table = Table.With(rolling, spec => spec with { Replicas = replicas }).Live();
        table.Deploy("2.0");
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(x => x.Fleet.Revision == 2 && x.Size == replicas
                ? x with { Ready = x.Size - failed, Available = x.Size - failed, Failed = failed }
                : x).ToSeq(),
        };
        table.Until(service => service.Run is null or { Mode: Mode.Back });
        if (goesOn) table.Service.History[^1].Outcome.ShouldBe(Outcome.DoneWithFailures);
        else table.Service.Run!.Reason.ShouldBe(Reason.InstancesFailed);
    }

    [Fact]
    public void A_failing_gate_within_the_guarded_time_goes_back_by_itself_and_only_once()
    {
        var table = Judged(new StrategySpec.BlueGreen());
        table.Deploy("2.0");
        table.Until(service => service is { Run: null, Guard: not null });
        Says(table, Verdict.Fail, requests: 400);
        table.Turn().Events.ShouldContain(e => e is Event.Started);
        table.Service.Run!.Kind.ShouldBe(RunKind.Undo);
        table.Until(service => service.Run is null);
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        table.Service.Guard.ShouldBeNull("going back again would bring the bad version back");
    }

    [Theory]
    [MemberData(nameof(NothingStaysWarm))]
    public void Where_nothing_stays_warm_a_gate_that_fails_afterwards_starts_the_old_version_anew(string strategy)
    {
        var table = Judged(Cold[strategy], spec => spec with { KeepOld = TimeSpan.FromHours(1) });
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Service.Previous.ShouldBeNull();
        Says(table, Verdict.Fail, requests: 400);
        table.Turn();
        table.Service.Run!.Kind.ShouldBe(RunKind.Undo);
        table.Until(service => service.Run is null);
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        table.Service.Want.SizeOf(new(1)).ShouldBe(4);
    }

    public static TheoryData<string> NothingStaysWarm => [.. Cold.Keys];

    static readonly Dictionary<string, StrategySpec> Cold = new()
    {
        ["rolling"] = new StrategySpec.Rolling(),
        ["recreate"] = new StrategySpec.Recreate(),
    };

    [Fact]
    public void After_the_time_that_the_old_version_is_kept_nothing_goes_back_by_itself()
    {
        var table = Judged(new StrategySpec.Rolling(), spec => spec with { KeepOld = TimeSpan.FromMinutes(5) });
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        table.Now += TimeSpan.FromMinutes(5);
        Says(table, Verdict.Fail, requests: 400);
        table.Turn().Events.ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_go_back_by_itself_keeps_the_warm_fleet_for_a_person_and_says_so_once()
    {
        var table = Judged(new StrategySpec.BlueGreen());
        table.Deploy("2.0");
        table.Until(service => service is { Run: null, Guard: not null });
        Says(table, Verdict.Fail, requests: 400);
        var warm = table.Service.Previous!.Fleet;
        var stuck = table.Service with
        {
            Spec = table.Service.Spec! with { Replicas = 0 },
            Want = table.Service.Want.With(warm, 0, table.Service.Sequence),
        };

        var decision = Mind.Decide(stuck, table.Seen, null, table.Now);

        decision.Events[^1].ShouldBeOfType<Event.Unguarded>().Why.ShouldContain("no instances");
        var after = stuck.Apply(decision.Events.Select((e, i) => new Recorded(stuck.Sequence + 1 + i, table.Now, e)));
        after.Previous!.Fleet.ShouldBe(warm);
        Mind.Decide(after, table.Seen, null, table.Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_release_of_a_canary_takes_fewer_than_sixty_events()
    {
        var checks = new ChecksSpec { Smoke = [new CheckSpec.Http("/")], Approval = new() };
        var table = Judged(Canary, spec => spec with { Checks = checks });
        var before = table.Service.Sequence;
        table.Deploy("2.0");
        var state = 0;
        table.Look = seen => seen with
        {
            Judgement = JudgementOf(table, Verdict.NoHarm, 5_000, true, true) with { State = new([++state]) },
        };
        table.Until(service => service.Run is null or { AwaitsApproval: true });
        table.Order(id => new Command.Approve(id, "fine"));
        table.Until(service => service.Run is null);
        (table.Service.Sequence - before).ShouldBeLessThanOrEqualTo(60);
    }

    static Seen Slow(Table table, Seen seen) => seen with
    {
        Fleets = seen.Fleets!
            .Select(x => x.Fleet == table.Service.Run?.Candidate ? x with { Ready = 0, Available = 0 } : x)
            .ToSeq(),
    };

    [Fact]
    public void Another_system_that_never_says_yes_ends_in_an_expired_approval()
    {
        var webhook = new WebhookSpec(WebhookMoment.ConfirmRollout, "https://freeze.example.com");
        var table = Table.With(new StrategySpec.Canary()).Live();
        table.Order(id => new Command.Register(
            id, table.Service.Spec! with { Checks = new() { Webhooks = [webhook] } }));
        table.Deploy("2.0");
        var asked = table.Service.Run!.Entered;
        table.Order(id => new Command.Report(id, asked, false, "said no yes within 1 min: frozen"));
        table.Turn();
        (table.Service.History[^1].Outcome, table.Service.History[^1].Reason, table.Service.History[^1].Why)
            .ShouldBe((Outcome.RolledBack, Reason.ApprovalExpired, "said no yes within 1 min: frozen"));
    }

    [Fact]
    public void Another_system_turns_a_release_back_in_its_own_words()
    {
        var table = Table.With(new StrategySpec.Canary()).Live();
        table.Deploy("2.0");
        table.Order(id => new Command.Recall(id, 2, "orders drop"));
        table.Until(service => service.Run is null);
        (table.Service.History[^1].Outcome, table.Service.History[^1].Reason, table.Service.History[^1].Why)
            .ShouldBe((Outcome.RolledBack, Reason.Recalled, "orders drop"));
    }
}
