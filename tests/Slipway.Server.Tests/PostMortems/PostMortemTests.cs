using Slipway.Gates;
using Slipway.Plans;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.PostMortems;

public sealed class PostMortemTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    static readonly Fleet Old = new(1), New = new(2);

    static readonly ServiceSpec Spec = new()
    {
        Service = "shop",
        Runtime = new RuntimeSpec.Process(["./shop"]) { Env = [new("DB", "${SHOP_DB}")] },
        Replicas = 2,
        Schema = new("${SHOP_DB}", "schema"),
    };

    [Fact]
    public void A_draft_holds_all_that_is_known_and_leaves_the_rest_to_people()
    {
        var events = Recorded();
        var service = new Service("shop").Apply(events);
        Snapshot.Match(PostMortem.Of(service, service.History[^1], events, Captured));
    }

    [Fact]
    public async Task A_release_that_is_taken_back_leaves_a_draft_behind()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (world, journal) = (new ObedientWorld(), new MemoryJournal());
        using var engine = new Engine(
            new(journal, world, world, world, world) { Metrics = world }, TimeProvider.System, stop.Token);
        using var drafts = new PostMortems(new(folder.Path, engine, journal, world)
        {
            Instances = _ => [new("shop-r2-1", "2.0", "running", "ready")],
            Logs = _ => [],
            Traffic = (_, _) => null,
        });
        var written = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        drafts.Written += (_, release) => written.TrySetResult(release);
        await engine.Start();
        var canary = new StrategySpec.Canary { Steps = [Share.Percent(5), Share.All] };
        await engine.Order("shop", new Decisions.Command.Register("1", Spec with { Strategy = canary }));
        await engine.Order("shop", new Decisions.Command.Deploy("2", new("1.0")));
        await Until(engine, service => service is { Run: null, History.Count: 1 }, stop.Token);
        await engine.Order("shop", new Decisions.Command.Deploy("3", new("2.0")));
        await Until(engine, service => service.Run?.Step is Step.Wait, stop.Token);
        await engine.Order("shop", new Decisions.Command.Recall("4", 2, "orders drop") { By = "ann" });

        (await written.Task.WaitAsync(stop.Token)).ShouldBe(2);
        drafts.Find("shop", 1).ShouldBeNull();
        var draft = drafts.Find("shop", 2).ShouldNotBeNull();
        draft.ShouldStartWith("# Post-mortem of release 2: shop 2.0 was taken back\n");
        draft.ShouldContain("| Triggered by | recalled: orders drop |\n| By | ann |");
        draft.ShouldContain("- shop-r2-1 (2.0): running, ready, 0 crashes");
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem().ShouldEndWith("shop-2.md");
    }

    static Task Until(Engine engine, Func<Service, bool> fact, CancellationToken cancel) =>
        engine.Until("shop", runner => fact(runner.Service), cancel);

    static Capture Captured => new("shop", 2, Noon.AddSeconds(55))
    {
        Sides =
        [
            new("1.4.2", "failed", 1, 1)
            {
                Traffic = new(5.1, 4.8) { P50Ms = 12, P99Ms = 480 },
                Cpu = .31,
                Memory = .12,
                Requests = 503,
                Errors = 24,
            },
            new("1.4.1", "beside it", 2, 2) { Traffic = new(95.2, .1) { P50Ms = 11, P99Ms = 90 } },
        ],
        Instances = [new("shop-r2-1", "1.4.2", "running", "ready") { Crashes = 1, Why = "ended with exit code 139" }],
        Logs = [new("shop-r2-1", "payment: timeout\npayment: timeout | retried\n")],
    };

    static Seq<Recorded> Recorded()
    {
        Event[] first =
        [
            new Event.Registered(Spec),
            new Event.Started(1, RunKind.First, Old, Budget.Beside(2),
                [new Step.Scale(Old, 0, 2), new Step.Shift(All), new Step.Settle(Old)])
            {
                NewRevision = new(1, "1.4.1", Spec),
            },
            new Event.Entered(0), new Event.Entered(1), new Event.Entered(2), new Event.Ended(Outcome.Done),
        ];
        Event[] second =
        [
            new Event.Started(2, RunKind.Deploy, New, Budget.Beside(2),
            [
                new Step.Scale(New, 0, 1),
                new Step.Ask(new Question.Hook("before", ["./backup.sh"], [], TimeSpan.FromMinutes(1))),
                new Step.Shift(new(Target.Between(Old, New, Share.Percent(5)))),
                new Step.Wait(TimeSpan.FromMinutes(5), 0),
                new Step.Settle(New),
            ])
            {
                NewRevision = new(2, "1.4.2", Spec with { Replicas = 3 })
                {
                    By = "ann", Cause = "discount codes", Commit = "4be1c0f", Emergency = "the sale begins",
                },
            },
            new Event.Entered(0), new Event.Entered(1), new Event.Answered(true, "ended well: \"backup-17.sql\""),
            new Event.Entered(2), new Event.Entered(3),
            new Event.Judged("errors", Verdict.Fail, "4.8 % (24 of 503) against 0.1 % (9 of 9,540)"),
            new Event.TurnedBack(Reason.GateFailed, "errors 4.8 % against 0.1 %",
                [new Step.Shift(All), new Step.Scale(New, 1, 0)]),
            new Event.Entered(0), new Event.Entered(1), new Event.Ended(Outcome.RolledBack),
        ];
        return first.Concat(second).Select((e, i) => new Recorded(i + 1, Noon.AddSeconds(5 * i), e)
        {
            By = e is Event.Started ? "ann" : "slipway",
        }).ToSeq();
    }

    static RouteTable All => new(Target.All(Old));
}
