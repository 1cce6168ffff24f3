using Slipway.Decisions;
using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Tests.Decisions;

/// <summary>How well changes arrive, counted from the journal alone.</summary>
public sealed class DeliveryTests
{
    static readonly StrategySpec.Canary Canary = new() { Steps = [Share.Percent(10), Share.All], Every = Minutes(5) };

    [Fact]
    public void A_release_takes_what_it_does_and_waits_for_people_beside()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0", commit: table.Now - TimeSpan.FromHours(2));
        table.Until(service => service.Run?.Step is Step.Wait);
        table.Order(id => new Command.Pause(id));
        table.Now += Minutes(30);
        table.Order(id => new Command.Resume(id));
        table.Until(service => service.Run is null);

        var release = Of(table)[^1];
        (release.Past.Kind, release.Past.Outcome, release.Ships, release.Settled)
            .ShouldBe((RunKind.Deploy, Outcome.Done, true, true));
        release.Waited.ShouldBe(Minutes(30));
        (release.Ended - release.Began - release.Active).ShouldBe(Minutes(30));
        var figures = Figures(table);
        (figures.Deployments, figures.Failed).ShouldBe((2, 0));
        (figures.ChangeFailureRate, figures.SuccessRate).ShouldBe((0.0, 1.0));
        figures.LeadTime.ShouldBe(release.Ended - release.CommitTime);
        figures.TimeToRestore.ShouldBeNull();
    }

    [Fact]
    public void What_users_met_and_was_taken_back_has_failed()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run?.Step is Step.Wait);
        var met = table.Journal[^1].At;
        table.Order(new Command.Abort("a", false));
        table.Until(service => service.Run is null);
        var figures = Figures(table);
        (figures.Deployments, figures.Ended, figures.RolledBack).ShouldBe((1, 2, 0), "a person may change their mind");

        table.Deploy("3.0");
        table.Until(service => service.Run is null);
        table.Order(id => new Command.Undo(id, null));
        table.Until(service => service.Run is null);
        figures = Figures(table);
        (figures.Deployments, figures.Failed).ShouldBe((2, 1), "3.0 was undone");
        figures.ChangeFailureRate.ShouldBe(0.5);
        var undo = Of(table)[^1];
        figures.TimeToRestore.ShouldBe(undo.Ended - Of(table)[2].Met, "nobody but a person has seen what was wrong");
        Of(table)[1].Met!.Value.ShouldBeLessThanOrEqualTo(met);
    }

    [Fact]
    public void What_is_undone_back_and_forth_has_failed_once()
    {
        var table = Table.With(Canary).Live();
        Ship(table, "2.0");
        for (var i = 0; i < 3; i++) Undo(table, null);
        table.Service.StableRevision!.Version.ShouldBe("1.0");
        var figures = Figures(table);
        (figures.Deployments, figures.Failed, figures.ChangeFailureRate).ShouldBe((2, 1, 0.5));
        figures.TimeToRestore.ShouldBe(Of(table)[2].Ended - Of(table)[1].Met);
    }

    [Fact]
    public void Two_undos_in_a_row_take_two_releases_back_whatever_was_restarted_between()
    {
        var table = Table.With(Canary).Live();
        Ship(table, "2.0");
        Ship(table, "3.0");
        table.Order(id => new Command.Restart(id));
        table.Until(service => service.Run is null);
        Undo(table, 2);
        Undo(table, 1);
        Undo(table, 3);
        Undone.In(table.Service.History).Select(pair => (pair.Release.Release, pair.Undo.Release))
            .ShouldBe([(3, 5), (2, 6)]);
        Figures(table).Failed.ShouldBe(2);
    }

    [Fact]
    public void What_somebody_did_not_want_or_nobody_answered_has_not_failed()
    {
        var canary = new StrategySpec.Canary { Steps = [Share.Percent(10), Share.All], Every = Minutes(5) };
        var table = Table.With(canary, spec => spec with { Checks = new() { Approval = new() } }).Live();
        foreach (var version in (string[])["2.0", "3.0"])
        {
            table.Deploy(version);
            table.Until(service => service.Run is { AwaitsApproval: true });
            if (version == "2.0") table.Order(id => new Command.Reject(id, "not today"));
            table.Until(service => service.Run is null);
            var release = Of(table)[^1];
            release.Met.ShouldNotBeNull();
        }

        table.Service.History.Select(past => past.Reason).TakeLast(2)
            .ShouldBe([Reason.Rejected, Reason.ApprovalExpired]);
        var figures = Figures(table);
        (figures.RolledBack, figures.Failed, figures.ChangeFailureRate).ShouldBe((2, 0, 0.0));
        figures.TimeToRestore.ShouldBeNull();
    }

    [Fact]
    public void A_version_that_never_comes_up_is_met_by_nobody()
    {
        var table = Table.With(Canary).Live();
        table.Deploy("2.0");
        table.Look = seen => seen with
        {
            Fleets = seen.Fleets!.Select(fleet => fleet.Fleet == new Fleet(2)
                ? fleet with { Ready = 0, Live = 0, Failed = 1 }
                : fleet).ToSeq(),
        };
        table.Until(service => service.Run is null);
        var release = Of(table)[^1];
        (release.Settled, release.Met).ShouldBe((false, null));
        Figures(table).TimeToRestore.ShouldBeNull();
    }

    [Fact]
    public void An_undo_by_itself_takes_from_when_the_gate_first_saw_harm()
    {
        var table = Judging.Judged(new StrategySpec.BlueGreen());
        table.Deploy("2.0");
        table.Until(service => service is { Run: null, Guard: not null });
        table.Now += Minutes(10);
        table.Look = seen => seen with { Judgement = Failing(table, 48) };
        table.Until(service => service.Run is { Kind: RunKind.Undo });
        table.Until(service => service.Run is null);
        var undo = Of(table)[^1];
        (undo.ByItself, undo.Harmed).ShouldBe((true, undo.Began - TimeSpan.FromSeconds(48)));
        Figures(table).TimeToRestore.ShouldBe(undo.Ended - undo.Began + TimeSpan.FromSeconds(48));
    }

    [Fact]
    public void An_outage_that_is_undone_takes_from_its_beginning()
    {
        var table = Judging.Judged(new StrategySpec.BlueGreen());
        table.Deploy("2.0");
        table.Until(service => service is { Run: null, Guard: not null });
        table.Now += Minutes(10);
        var all = new Reading("errors", Verdict.NotTheRelease, "errors 100 %") { OutageSeconds = 75 };
        table.Look = seen => seen with { Judgement = Failing(table, 0) with { Readings = [all] } };
        table.Until(service => service.Run is { Kind: RunKind.Undo });
        table.Look = seen => seen;
        table.Until(service => service.Run is null);
        var undo = Of(table)[^1];
        undo.Harmed.ShouldBe(undo.Began - TimeSpan.FromSeconds(75));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100_000)]
    public void A_release_that_a_gate_turns_back_has_harmed_nobody_before_they_met_it(int seconds)
    {
        var table = Judging.Watching(Canary);
        table.Now += Minutes(1);
        table.Look = seen => seen with { Judgement = Failing(table, seconds) };
        table.Turn();
        var found = table.Journal[^1].At;
        table.Look = seen => seen;
        table.Until(service => service.Run is null);
        var release = Of(table)[^1];
        var harmed = found - TimeSpan.FromSeconds(seconds);
        release.Harmed.ShouldBe(harmed);
        Figures(table).TimeToRestore.ShouldBe(release.Ended - (harmed > release.Met ? harmed : release.Met));
    }

    [Fact]
    public void What_nobody_met_has_not_failed()
    {
        var smoke = new ChecksSpec { Smoke = [new CheckSpec.Http("/")] };
        var table = Table.With(Canary, spec => spec with { Checks = smoke }).Live();
        table.Deploy("2.0");
        table.Until(service => service.Run?.Step is Step.Ask);
        table.Order(id => new Command.Report(id, table.Service.Run!.Entered, false, "it answered 500"));
        table.Until(service => service.Run is null);
        var release = Of(table)[^1];
        (release.Past.Outcome, release.Met).ShouldBe((Outcome.RolledBack, null), "a preview is not for users");
        var figures = Figures(table);
        (figures.RolledBack, figures.Failed, figures.ChangeFailureRate).ShouldBe((1, 0, 0.0));
    }

    [Fact]
    public void Only_the_time_that_is_asked_for_counts()
    {
        var table = Table.With(Canary).Live();
        var between = table.Now + Minutes(1);
        table.Now += TimeSpan.FromDays(10);
        table.Deploy("2.0");
        table.Until(service => service.Run is null);
        var figures = DeliveryFigures.Of([Of(table)], between, between + TimeSpan.FromDays(20));
        (figures.Deployments, figures.PerDay).ShouldBe((1, 0.05));
        DeliveryFigures.Of([], between, between + TimeSpan.FromDays(20)).SuccessRate.ShouldBeNull();
        figures = DeliveryFigures.Of([Of(table)], table.Now - Minutes(60), table.Now);
        (figures.Deployments, figures.PerDay).ShouldBe((1, null), "an hour tells nothing of a day");
    }

    static void Ship(Table table, string version)
    {
        table.Deploy(version);
        table.Until(service => service.Run is null);
    }

    static void Undo(Table table, int? revision)
    {
        table.Order(id => new Command.Undo(id, revision)).Refusal.ShouldBeNull();
        table.Until(service => service.Run is null);
    }

    static IReadOnlyList<Delivery> Of(Table table) => [.. Delivery.Of("shop", table.Journal)];

    static DeliveryFigures Figures(Table table) =>
        DeliveryFigures.Of([Of(table)], DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    static Judgement Failing(Table table, double evident) =>
        Judging.JudgementOf(table, Verdict.Fail, 400, false, true) with
        {
            Readings = [new("errors", Verdict.Fail, "errors 5 %") { EvidentFor = evident }],
        };

    static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}
