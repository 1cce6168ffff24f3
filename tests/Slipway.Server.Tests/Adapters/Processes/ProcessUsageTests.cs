using Slipway.Adapters.Processes;
using Slipway.Gates;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Tests.Adapters.Processes;

public sealed class ProcessUsageTests : IDisposable
{
    static readonly Fleet First = new(1);

    readonly Yard yard = new();

    public void Dispose() => yard.Dispose();

    async Task<Measured> Start(string script)
    {
        await yard.Resize(Yard.Revision(1, "sh", "-c", script), 1, since: 1);
        return new(Yard.Service, First, ProcessIdentity.Of(yard.Instances.Single().Pid!.Value)!);
    }

    static async Task UntilTicks(Measured instance, long ticks)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Session.Pids().Select(ProcessStat.Of).OfType<ProcessStat>()
            .Where(stat => stat.Session == instance.Process.Pid).Sum(stat => stat.Ticks) < ticks)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Cpu_is_what_was_used_between_two_looks_by_everything_that_was_started()
    {
        var (watch, instance) = (new HandClock(), await Start("while :; do :; done & wait"));
        var usage = new ProcessUsage(watch);
        usage.Measure([instance]);
        usage.Of(instance.Process)!.Value.Cpu.ShouldBeNull();

        await UntilTicks(instance, 30);
        watch.Now += TimeSpan.FromSeconds(1);
        usage.Measure([instance]);
        usage.Of(instance.Process)!.Value.Cpu!.Value.ShouldBeGreaterThan(0.15);
        usage.Of(Yard.Service, First).ShouldBe(usage.Of(instance.Process));
        usage.Of(Yard.Service, new Fleet(2)).ShouldBeNull();
    }

    [Fact]
    public async Task Memory_is_a_share_of_what_there_is()
    {
        var usage = new ProcessUsage(new HandClock());
        var instance = await Start("exec sleep 1000");
        usage.Measure([instance]);
        usage.Of(instance.Process)!.Value.Memory.ShouldBeInRange(1e-7, 0.01);
    }

    [Fact]
    public async Task What_has_ended_or_is_a_stranger_is_not_measured()
    {
        var usage = new ProcessUsage(new HandClock());
        var instance = await Start("exec sleep 1000");
        var stranger = instance with { Process = instance.Process with { Start = 1 } };
        usage.Measure([stranger]);
        usage.Of(stranger.Process).ShouldBeNull();
    }

    [Fact]
    public void The_tightest_limit_above_us_counts()
    {
        using var groups = new TemporaryFolder();
        var machine = ProcessUsage.LimitOf(groups.Path);
        machine.ShouldBeGreaterThan(1L << 24);
        File.WriteAllText(groups.File("memory.max"), "max\n");
        ProcessUsage.LimitOf(groups.Path).ShouldBe(machine);
        File.WriteAllText(groups.File("memory.max"), "1048576\n");
        ProcessUsage.LimitOf(groups.Path).ShouldBe(1 << 20);
    }

    [Fact]
    public async Task People_and_gates_see_since_when_it_runs_what_it_takes_and_how_often_it_ended()
    {
        await yard.Resize(Yard.Revision(1, "sh", "-c", "exit 1"), 1, since: 1);
        await yard.Until(fleets => fleets.Single().Failed == 1);
        await yard.Resize(Yard.Revision(1, "true"), 0, since: 2);
        var restarts = yard.Fleets.RestartsOf(Yard.Service, First);
        restarts.ShouldBeGreaterThanOrEqualTo(3);

        await yard.Resize(Yard.Revision(2, "sleep", "1000"), 1, since: 3);
        var before = DateTimeOffset.UtcNow;
        yard.Restart(); // measures at once
        var instance = yard.Instances.Single(one => one.Fleet == new Fleet(2));
        instance.Since!.Value.ShouldBe(before, TimeSpan.FromSeconds(20));
        instance.Usage!.Value.Memory.ShouldBeGreaterThan(0);

        var metrics = new ProcessMetrics(new Nothing(), yard.Fleets);
        var totals = await metrics.Read(new(Yard.Service, new(2), First, []), CancellationToken.None);
        totals.Candidate.Memory.ShouldBe(instance.Usage!.Value.Memory);
        (totals.Candidate.Restarts, totals.Stable!.Value.Restarts, totals.Stable!.Value.Memory)
            .ShouldBe((0, restarts, null));
    }

    sealed class Nothing : IMetrics
    {
        public Task<Totals> Read(MetricsQuery query, CancellationToken cancel) =>
            Task.FromResult(new Totals("e", TimeSpan.Zero, default(FleetCounts), default(FleetCounts)));
    }
}
