using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Tests.Running;

public sealed class StoppedRunnerTests
{
    [Fact]
    public async Task A_journal_that_cannot_be_trusted_answers_everybody_who_waits_and_whoever_comes_later()
    {
        using var engine = EngineOn(() => throw new JournalException("Event 7 is damaged."));
        await engine.Start();
        (await engine.Order("shop", new Command.Pause("first"))).Refusal.ShouldNotBeNull().ShouldContain("damaged");
        (await engine.Order("shop", new Command.Pause("later"))).Refusal.ShouldNotBeNull().ShouldContain("damaged");
    }

    [Fact]
    public async Task As_long_as_a_journal_that_fails_may_recover_commands_wait_and_more_than_the_limit_are_refused()
    {
        using var engine = EngineOn(() => throw new IOException("The disk is full."), time: new HandClock());
        await engine.Start();
        var orders = Enumerable.Range(0, Limits.MailMax + 5)
            .Select(i => engine.Order("shop", new Command.Pause($"{i}"))).ToList();
        var refused = await Task.WhenAll(orders.TakeLast(5));
        refused.ShouldAllBe(reply => reply.Refusal!.StartsWith("Too many commands", StringComparison.Ordinal));
        orders.Count(order => order.IsCompleted).ShouldBe(5);
    }

    [Fact]
    public async Task Many_commands_do_not_shorten_the_time_that_a_journal_has_to_recover()
    {
        using var read = new SemaphoreSlim(0);
        using var engine = EngineOn(() =>
        {
            read.Release();
            throw new IOException("The store is started anew.");
        }, time: new HandClock());
        await engine.Start();
        var orders = new List<Task<Reply>>();
        while (orders.Count < 10)
        {
            orders.Add(engine.Order("shop", new Command.Pause($"{orders.Count}")));
            await read.WaitAsync();
        }

        orders.ShouldAllBe(order => !order.IsCompleted);
    }

    [Fact]
    public async Task A_journal_that_goes_on_failing_is_told_to_whoever_waits_for_it()
    {
        using var engine = EngineOn(() => throw new IOException("The disk is full."));
        await engine.Start();
        var reply = await engine.Order("shop", new Command.Pause("first"));
        (reply.Unavailable, reply.Refusal).ShouldBe(
            (true, "The journal cannot be used now, so nothing new is begun: The disk is full."));
        engine.Find("shop")!.JournalTrouble.ShouldBe("The disk is full.");
    }

    [Fact]
    public async Task A_journal_that_can_be_written_again_is_noticed_without_a_command()
    {
        var full = true;
        using var engine = EngineOn(() => [], () => full ? throw new IOException("The disk is full.") : true);
        await engine.Start();
        var spec = new ServiceSpec { Service = "shop", Runtime = new RuntimeSpec.Process(["./shop"]) };
        (await engine.Order("shop", new Command.Register("new", spec))).Unavailable.ShouldBeTrue();
        var shop = engine.Find("shop")!;
        shop.JournalTrouble.ShouldBe("The disk is full.");

        var healed = new TaskCompletionSource();
        shop.Moved += runner =>
        {
            if (runner.JournalTrouble is null) healed.TrySetResult();
        };
        full = false;
        await healed.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    static Engine EngineOn(Func<Seq<Recorded>> read, Func<bool>? write = null, TimeProvider? time = null)
    {
        var nothing = new Nothing(read, write ?? (() => false));
        var ports = new Ports(nothing, nothing, nothing, nothing, nothing);
        return new(ports, time ?? TimeProvider.System, CancellationToken.None);
    }

    /// <summary>A world with nothing in it, and a journal that answers as it is told.</summary>
    sealed class Nothing(Func<Seq<Recorded>> read, Func<bool> write) : IJournal, IFleets, IRouter, ISettings, IJobs
    {
        public Task<Seq<StreamHead>> Streams(CancellationToken cancel) => Task.FromResult(Seq<StreamHead>.Empty);

        public async Task<Seq<Recorded>> Read(string stream, long after, CancellationToken cancel)
        {
            await Task.Yield();
            return read();
        }

        public Task<bool> Append(string stream, long expected, Seq<Recorded> events, CancellationToken cancel) =>
            Task.FromResult(write());

        public Task<Seq<SavedFold>> Snapshots(int stateVersion, CancellationToken cancel) =>
            Task.FromResult(Seq<SavedFold>.Empty);

        public Task Save(SavedFold snapshot, CancellationToken cancel) => Task.FromResult(write());

        public IDisposable Watch(Action<string> grown) => new CancellationTokenSource();

        public Task Resize(FleetOrder order, CancellationToken cancel) => Task.CompletedTask;

        public Task Apply(RouteOrder order, CancellationToken cancel) => Task.CompletedTask;

        public Task Set(SettingOrder order, CancellationToken cancel) => Task.CompletedTask;

        public Task<JobAnswer> Do(Job job, CancellationToken cancel) => Task.FromResult(new JobAnswer(true, ""));

        Task<Seq<SeenFleet>> IFleets.Look(string service, CancellationToken cancel) =>
            Task.FromResult(Seq<SeenFleet>.Empty);

        Task<SeenTable> IRouter.Look(string service, CancellationToken cancel) =>
            Task.FromResult(new SeenTable(Routing.RouteTable.Closed, 0));

        Task<Seq<SeenSetting>> ISettings.Look(string service, CancellationToken cancel) =>
            Task.FromResult(Seq<SeenSetting>.Empty);
    }
}
