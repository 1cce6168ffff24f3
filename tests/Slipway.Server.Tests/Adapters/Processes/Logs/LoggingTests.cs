using Slipway.Adapters.Processes.Logs;
using Slipway.Routing;

namespace Slipway.Tests.Adapters.Processes.Logs;

public sealed class LoggingTests : IDisposable
{
    readonly Yard yard = new();

    public void Dispose() => yard.Dispose();

    [Fact]
    public async Task What_instances_have_said_is_found_by_version_also_when_they_are_gone()
    {
        await yard.Resize(Yard.Revision(1, "sh", "-c", "echo hello from {version}; exit 1"), 1, since: 1);
        await yard.Until(() => yard.Instances.Single().Crashes > 0);
        await yard.Resize(Yard.Revision(1, "true"), 0, since: 2);
        yard.Instances.ShouldBeEmpty();

        var log = yard.Fleets.LogsOf(Yard.Service).ShouldHaveSingleItem();
        (log.Instance, log.Fleet, log.Version).ShouldBe(("shop-r1-1", new Fleet(1), "1.1"));
        log.Read(0).Text.ShouldBe("hello from 1.1\n");
        yard.Fleets.LogsOf("other").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_ran_on_without_us_is_cut_before_anything_is_started()
    {
        await yard.Resize(Yard.Revision(1, "sleep", "1000"), 1, since: 1);
        var log = yard.Fleets.LogsOf(Yard.Service).Single();
        yard.Restart(() =>
        {
            using var file = File.OpenHandle(log.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)'\n');
            for (var i = 0; i < 65; i++) RandomAccess.Write(file, block, (long)i << 20);
        });
        LogFolder.SizeOf(log.Path).ShouldBe(48L << 20);
        log.Length.ShouldBe(65L << 20);
    }
}
