using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Adapters.Checks;

/// <summary>Another system that may turn a release back is asked for as long as the release goes forward.</summary>
public sealed class RecallsTests : IDisposable
{
    readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(1));
    readonly Tests.Adapters.Checks.Answering _watcher = new() { Status = 404, Body = "orders drop" };
    readonly Engine _engine;
    readonly Recalls _recalls;

    public RecallsTests()
    {
        var world = new ObedientWorld();
        _engine = new(new(new MemoryJournal(), world, world, world, world), TimeProvider.System, _stop.Token);
        _recalls = new(_engine, new(), () => true);
    }

    public void Dispose()
    {
        _recalls.Dispose();
        _stop.Cancel();
        _engine.Dispose();
        _watcher.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_yes_turns_the_release_back_in_its_words()
    {
        await _engine.Start();
        await Order(new Command.Register("register", Spec));
        await Order(new Command.Deploy("first", new("1.0")));
        await Until(service => service is { Run: null, History.Count: 1 });
        await Order(new Command.Deploy("second", new("2.0")));
        await Until(service => service.Run?.Step is Plans.Step.Wait);

        foreach (var status in (int[])[404, 500, 200]) _watcher.Statuses.Enqueue(status);
        var over = await Until(service => service is { Run: null, History.Count: 2 });
        (over.History[^1].Outcome, over.History[^1].Reason, over.History[^1].Why).ShouldBe((
            Outcome.RolledBack, Reason.Recalled, $"http://{_watcher.Address}/bad wants it back: \"orders drop\""));
    }

    ServiceSpec Spec => new()
    {
        Service = "shop",
        Runtime = new RuntimeSpec.Process(["./shop"]),
        Strategy = new StrategySpec.Canary { Steps = [Share.Percent(10), Share.All], Every = TimeSpan.FromHours(1) },
        Checks = new()
        {
            Webhooks =
            [
                new(WebhookMoment.Rollback, $"http://{_watcher.Address}/bad")
                {
                    Every = TimeSpan.FromMilliseconds(10),
                },
            ],
        },
    };

    async Task Order(Command command) => (await _engine.Order("shop", command)).Refusal.ShouldBeNull();

    async Task<Service> Until(Func<Service, bool> fact)
    {
        var reached = new Service("shop");
        await _engine.Until("shop", runner => fact(runner.Service) && (reached = runner.Service) is not null,
            _stop.Token);
        return reached;
    }
}
