using System.Net;
using System.Net.Sockets;
using Slipway.Adapters.Processes;
using Slipway.Health;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>Between our look at a port and the program's own, somebody else may have taken it.</summary>
public sealed class PortTests : IDisposable
{
    const string Taken = "echo Failed to bind: address already in use; exit 134";

    /// <summary>Not asked in the time of a test: what it is told by is how it ends.</summary>
    static readonly HealthSpec Unasked = new()
    {
        Readiness = new(new ProbeWay.Run(["true"])) { Delay = TimeSpan.FromHours(1) },
    };

    readonly Yard yard = new();

    public void Dispose() => yard.Dispose();

    [Fact]
    public async Task A_program_that_finds_its_port_taken_gets_another_one_at_once_and_has_not_crashed()
    {
        var once = Path.Combine(yard.Folder, "once");
        var script = $"echo {{port}}; [ -e {once} ] && exec sleep 1000; touch {once}; {Taken}";
        await yard.Resize(Yard.Revision(1, ["sh", "-c", script], Unasked), 1, since: 1);
        await yard.Until(() => yard.Instances.Single() is { Pid: not null, Why: not "" });

        var instance = yard.Instances.Single();
        instance.Crashes.ShouldBe(0);
        instance.Why.ShouldMatch("^port [0-9]+ was taken by another program, so another one was tried$");
        instance.Why.ShouldNotContain($"{instance.Port}");
    }

    [Fact]
    public async Task After_five_more_ports_that_is_a_crash_with_its_last_words()
    {
        await yard.Resize(Yard.Revision(1, ["sh", "-c", $"echo {{port}}; {Taken}"], Unasked), 1, since: 1);
        var seen = yard.Instances.Single();
        await yard.Until(() => (seen = seen.Crashes > 0 ? seen : yard.Instances.Single()).Crashes > 0);

        var instance = seen; // as it was then: it soon tries again
        instance.Why.ShouldBe(
            "ended by itself with exit code 134, its last words: Failed to bind: address already in use");
        yard.LogOf(instance).Where(line => int.TryParse(line, out _)).Take(6).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public async Task One_whose_port_is_answered_by_a_stranger_gets_no_traffic_and_moves_to_another_port()
    {
        var go = Path.Combine(yard.Folder, "go");
        var health = new HealthSpec
        {
            Startup = new(new ProbeWay.Run(["test", "-e", go]))
            {
                Every = TimeSpan.FromMilliseconds(50),
                Failures = 999,
            },
            Readiness = new(new ProbeWay.Tcp()) { Every = TimeSpan.FromMilliseconds(50) },
        };
        await yard.Resize(Yard.Revision(1, ["sh", "-c", "exec sleep 1000 $PORT"], health), 1, since: 1);
        var first = yard.Instances.Single();
        using var stranger = new TcpListener(IPAddress.Loopback, first.Port);
        stranger.Start();
        await File.WriteAllTextAsync(go, "");

        await yard.Until(() => yard.Instances.Single() is { Pid: { } pid } && pid != first.Pid);
        var next = yard.Instances.Single();
        (next.Port == first.Port, next.Crashes).ShouldBe((false, 0));
        (await yard.Look(1)).Ready.ShouldBe(0);
    }

    [Fact]
    public void A_port_rests_after_it_was_in_use()
    {
        var book = new PortBook(TimeProvider.System);
        var range = new PortRange(29_990, 29_991);
        var (one, other) = (book.Take(range), book.Take(range));
        one.ShouldNotBe(other);
        book.Release(one);
        Should.Throw<IOException>(() => book.Take(range));
    }
}
