using Slipway.Adapters.Files;
using Slipway.Api;
using Slipway.Approvals;
using Slipway.Decisions;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests;

/// <summary>Commands as they are typed, against a control plane whose targets do at once what they are asked.</summary>
public sealed class RemoteTests : IAsyncLifetime, IJobs
{
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));
    readonly TemporaryFolder _folder = new();
    readonly MemoryJournal _journal = new();
    readonly HashSet<string> _bad = [];
    Engine _engine = null!;
    ApiServer _server = null!;
    PostMortems.PostMortems _drafts = null!;

    public async Task InitializeAsync()
    {
        var world = new ObedientWorld();
        var settings = new FileSettings(_folder.Path);
        _engine = new(new(_journal, world, world, settings, this), TimeProvider.System, _stop.Token);
        settings.Changed += service => _engine.Changed(service, Place.Settings);
        await _engine.Start();
        _drafts = new(new(_folder.File("post-mortems"), _engine, _journal, null)
        {
            Instances = _ => [],
            Logs = _ => [],
            Traffic = (_, _) => null,
        });
        var links = new ApprovalLinks(_folder.Path, () => "https://slipway.example.com");
        _server = await ApiServer.Start(new(_engine, _journal)
        {
            Instances = _ => [],
            PostMortem = _drafts.Find,
            Approvals = links,
        }, "127.0.0.1:0", _stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _drafts.Dispose();
        await _stop.CancelAsync();
        _engine.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task There_is_no_undo_behind_a_purge_and_the_reason_is_told()
    {
        await Registered(spec => spec with { Schema = new("${DB}", "schema") });
        Typed("deploy", "1.0").Code.ShouldBe(0);
        Typed("deploy", "2.0").Code.ShouldBe(0);
        await Order(new Command.Purge("purge", "users.name"));
        await Until(service => service.Run is null);

        var undo = Typed("undo");
        undo.Code.ShouldBe(1);
        undo.Error.ShouldContain("shop can't go back to revision 1 (1.0): its schema has been purged. The oldest "
            + "that works is revision 2.");
        _engine.Find("shop")!.Service.StableRevision!.Version.ShouldBe("2.0");
    }

    [Fact]
    public async Task The_exit_code_does_not_wait_for_the_proof_that_going_back_has_helped()
    {
        await Registered(spec => spec with { Rollback = new() { Verify = new() } });
        Typed("deploy", "1.0").Code.ShouldBe(0);
        _bad.Add("2.0");
        var deploy = Typed("deploy", "2.0");
        deploy.Code.ShouldBe(1);
        deploy.Error.ShouldContain("rolled back, shop stays on 1.0");
        deploy.Error.ShouldContain("Whether that has helped is looked at for a while longer.");
        _engine.Find("shop")!.Service.Run!.Step.ShouldBeOfType<Step.Ask>()
            .Question.ShouldBeOfType<Question.Verify>();
    }

    [Fact]
    public async Task A_release_that_was_taken_back_shows_its_post_mortem()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _drafts.Written += (_, _) => written.TrySetResult();
        await Registered();
        Typed("deploy", "1.0").Code.ShouldBe(0);
        Typed("show", "1", "--post-mortem").Error.ShouldContain("there is no post-mortem of shop-1");
        _bad.Add("2.0");
        Typed("deploy", "2.0").Code.ShouldBe(1);
        await written.Task.WaitAsync(_stop.Token);
        var draft = Typed("show", "2", "--post-mortem");
        draft.Code.ShouldBe(0);
        draft.Out.ShouldStartWith("# Post-mortem of release 2: shop 2.0 was taken back");
        draft.Out.ShouldContain("| Triggered by | checkFailed: not fine |");
    }

    [Fact]
    public async Task A_link_is_made_for_somebody_and_status_shows_one()
    {
        await Registered(spec => spec with { Checks = spec.Checks with { Approval = new() } });
        Typed("deploy", "1.0", "--detach").Code.ShouldBe(0);
        await Until(service => service.Run is { AwaitsApproval: true });
        var made = Typed("approve", "--link", "--for", "ann");
        made.Out.ShouldStartWith("https://slipway.example.com/approve/");
        made.Error.ShouldContain("Whoever opens it may answer, once, until ");
        Typed("status", "shop").Out.ShouldContain("By link:");
        _engine.Find("shop")!.Service.Run!.AwaitsApproval.ShouldBeTrue();
        Typed("approve", "--why", "fine").Out.ShouldContain("is approved");
    }

    [Fact]
    public async Task An_approval_that_is_for_some_wants_a_role_and_the_history_says_who_gave_it()
    {
        await Registered(spec => spec with { Checks = spec.Checks with { Approval = new() { By = ["owners"] } } });
        Typed("deploy", "1.0", "--detach").Code.ShouldBe(0);
        await Until(service => service.Run is { AwaitsApproval: true });
        Typed("status", "shop").Out.ShouldContain("slipway approve shop --role owners");
        var refused = Typed("approve");
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("The approval of shop is for owners. Whoever is one says so: slipway approve shop "
            + "--role owners");
        Typed("approve", "--role", "testers", "--role", "owners").Code.ShouldBe(0);
        await Until(service => service.Run is null);
        (await _journal.Read("shop", 0, _stop.Token)).ShouldContain(e => e.Event is Event.Answered && e.By == "Jörg");
        Typed("history").Out.ShouldContain("Jörg");
        Typed("show", "1").Out.ShouldContain("yes, by Jörg");
        Typed("show", "1", "--output", "json").Out.ShouldContain("\"note\": \"yes\"");
    }

    [Fact]
    public async Task Who_deploys_is_who_has_logged_in_unless_they_say_another_name()
    {
        await Registered();
        using var typed = new Typed { Login = "ann" };
        typed.Run("deploy", "1.0", "--url", _server.Url).ShouldBe(0);
        _engine.Find("shop")!.Service.History[^1].By.ShouldBe("ann");
        Typed("deploy", "2.0").Code.ShouldBe(0);
        _engine.Find("shop")!.Service.History[^1].By.ShouldBe("Jörg");
    }

    [Fact]
    public async Task A_number_alone_is_asked_for_its_service_where_there_are_several()
    {
        await Registered();
        (await _engine.Order("guard", new Command.Register("other", _engine.Find("shop")!.Service.Spec! with
        {
            Service = "guard",
        }))).Refusal.ShouldBeNull();
        Typed("deploy", "guard", "1.0").Code.ShouldBe(0);
        Typed("history", "guard").Out.ReplaceLineEndings(" ").ShouldContain("One release: slipway show guard-1");
        Typed("show", "1").Error.ShouldContain("Name one of guard-1, shop-1");
        Typed("show", "guard-1").Code.ShouldBe(0);
    }

    [Fact]
    public async Task The_time_of_a_commit_is_a_time_and_one_that_has_come()
    {
        await Registered();
        var garbage = Typed("deploy", "1.0", "--commit-time", "garbage");
        garbage.Code.ShouldBe(2);
        garbage.Error.ShouldContain("--commit-time is a point in time, like 2026-03-01T13:00:00Z, not \"garbage\"");
        garbage.Error.ShouldNotContain("System.");
        var ahead = Typed("deploy", "1.0", "--commit-time", "2999-01-01T10:00:00+02:00");
        ahead.Code.ShouldBe(2);
        ahead.Error.ShouldContain("the time of the commit has not come yet: 2999-01-01 08:00 UTC");
        Typed("deploy", "1.0", "--commit-time", "2024-03-01 10:00:00 +0100").Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_deploy_at_a_time_to_avoid_is_refused_and_an_emergency_is_not()
    {
        var sale = new ChangeWindow(WindowKind.Avoid, [], default, default) { Why = "sale" };
        await Registered(spec => spec with { Windows = [sale] });
        var late = Typed("deploy", "1.0");
        late.Code.ShouldBe(1);
        late.Error.ShouldContain("a time to avoid (daily): sale.");
        Typed("deploy", "1.0", "--emergency", "").Code.ShouldBe(2);
        Typed("deploy", "1.0", "--emergency", "the shop is down").Code.ShouldBe(0);
        Typed("history").Out.ShouldContain("emergency: the shop is");
        Typed("show", "1").Out.ShouldContain("Emergency the shop is down");
    }

    Task<JobAnswer> IJobs.Do(Job job, CancellationToken cancel) => job.Question switch
    {
        // As long as somebody may wait: nobody should.
        Question.Verify => new TaskCompletionSource<JobAnswer>().Task.WaitAsync(cancel),
        Question.Check check when _bad.Contains(job.Service.RevisionOf(check.Fleet).Version) =>
            Task.FromResult(new JobAnswer(false, "not fine")),
        _ => Task.FromResult(new JobAnswer(true, "fine")),
    };

    (int Code, string Out, string Error) Typed(params string[] words)
    {
        using var typed = new Typed().Where("SLIPWAY_BY", "Jörg");
        var code = typed.Run([.. words, "--url", _server.Url]);
        return (code, typed.Out, typed.Error);
    }

    async Task Registered(Func<ServiceSpec, ServiceSpec>? change = null)
    {
        var spec = new ServiceSpec
        {
            Service = "shop",
            Runtime = new RuntimeSpec.Process(["./shop"]),
            Strategy = new StrategySpec.BlueGreen(),
            Checks = new() { Smoke = [new CheckSpec.Http("/")] },
        };
        await Order(new Command.Register("register", change?.Invoke(spec) ?? spec));
    }

    async Task Order(Command command) => (await _engine.Order("shop", command)).Refusal.ShouldBeNull();

    Task Until(Func<Service, bool> fact) => _engine.Until("shop", runner => fact(runner.Service), _stop.Token);
}
