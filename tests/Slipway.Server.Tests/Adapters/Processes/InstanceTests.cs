using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Health;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>
/// What becomes of single instances: how they start, what they see, how they end, and who comes after them.
/// </summary>
public sealed class InstanceTests : IDisposable
{
    readonly Yard yard = new();

    public void Dispose() => yard.Dispose();

    static Revision Shell(string script, HealthSpec? health = null) =>
        Yard.Revision(1, ["sh", "-c", script], health ?? new());

    static Revision With(Revision revision, Func<RuntimeSpec.Process, RuntimeSpec> change) =>
        revision with { Spec = revision.Spec with { Runtime = change((RuntimeSpec.Process)revision.Spec.Runtime) } };

    static HealthSpec Ready(ProbeWay way, int failures = 3) => new()
    {
        Readiness = new(way)
        {
            Every = TimeSpan.FromMilliseconds(50),
            Timeout = TimeSpan.FromMilliseconds(50),
            Failures = failures,
        },
    };

    [Fact]
    public async Task Places_are_filled_in_and_references_are_resolved_when_used()
    {
        yard.Variables["SECRET"] = "hush";
        var logged = Ready(new ProbeWay.Run(["test", "-s", $"{yard.Data}/logs/shop/shop-r1-1.log"]));
        var revision = With(
            Shell("echo {version} {instance} {port} $DB $SLIPWAY_VERSION; exec sleep 1000", logged),
            runtime => runtime with { Env = [new("DB", "db/${SECRET}")] });

        await yard.Resize(revision, 1, since: 1);
        await yard.UntilReady(1);

        var instance = yard.Instances.Single();
        yard.LogOf(instance).ShouldBe([$"1.1 shop-r1-1 {instance.Port} db/hush 1.1"]);
        (await File.ReadAllTextAsync(Path.Combine(yard.Data, "fleets", "shop", "r1.json"))).ShouldNotContain("hush");
    }

    [Fact]
    public async Task Nothing_of_our_own_environment_is_passed_on()
    {
        yard.Variables["SLIPWAY_TOKEN"] = "ours";
        await yard.Resize(Shell("exec env"), 1, since: 1);
        await yard.Until(() => yard.Instances.Single().Crashes > 0);
        yard.LogOf(yard.Instances.Single()).Select(line => line.Split('=')[0]).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(["PATH", "PORT", "PWD", "SLIPWAY_INSTANCE", "SLIPWAY_SERVICE", "SLIPWAY_VERSION"]);
    }

    [Fact]
    public async Task An_instance_has_a_session_of_its_own()
    {
        await yard.Resize(Yard.Revision(1, "sleep", "1000"), 1, since: 1);
        var pid = yard.Instances.Single().Pid!.Value;
        var fields = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(' ');
        (fields[4], fields[5]).ShouldBe(($"{pid}", $"{pid}"));
    }

    [Fact]
    public async Task One_that_is_killed_is_replaced()
    {
        await yard.Resize(Yard.Revision(1, "sleep", "1000"), 1, since: 1);
        var first = yard.Instances.Single();
        Yard.End(first.Pid!.Value);
        await yard.Until(() => yard.Instances.Single() is { Pid: { } pid } && pid != first.Pid);

        var next = yard.Instances.Single();
        next.Why.ShouldBe("ended by itself with signal 9");
        next.Port.ShouldNotBe(first.Port);
        (await yard.Look(1)).Ready.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_crashes_again_and_again_has_failed_and_says_why()
    {
        await yard.Resize(Shell("exit 3"), 1, since: 1);
        await yard.Until(fleets => fleets.Single().Failed == 1);

        var instance = yard.Instances.Single();
        (instance.Status, instance.Crashes, instance.Why)
            .ShouldBe((InstanceStatus.Failed, 3, "ended by itself with exit code 3"));
        (await yard.Look(1)).Live.ShouldBe(0);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await yard.Resize(Yard.Revision(1, "no-such-program"), 1, since: 1);
        yard.Instances.Single().Why.ShouldBe("could not be started: no-such-program: No such file or directory");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        await yard.Resize(With(Yard.Revision(1, "sleep", "1000"), runtime => runtime with
        {
            Directory =
            "builds/{version}"
        }), 1, since: 1);
        yard.Instances.Single().Why
            .ShouldBe($"could not be started: The folder {yard.Folder}/builds/1.1 of version 1.1 does not exist.");
    }

    [Fact]
    public async Task A_reference_to_nothing_is_named()
    {
        await yard.Resize(Yard.Revision(1, "sleep", "${HOW_LONG}"), 1, since: 1);
        yard.Instances.Single().Why.ShouldContain("HOW_LONG is not set where the server runs");
    }

    [Fact]
    public async Task A_script_that_leaves_a_server_behind_takes_it_along_when_it_ends()
    {
        var pids = Path.Combine(yard.Folder, "pids");
        await yard.Resize(Shell($"sleep 1000 & echo $! >{pids}; wait",
            Ready(new ProbeWay.Run(["test", "-s", pids]))), 1, since: 1);
        await yard.UntilReady(1);
        var child = (await File.ReadAllTextAsync(pids)).Trim();

        await yard.Resize(Shell("", Ready(new ProbeWay.Tcp())), 0, since: 2);
        await yard.UntilReady(0);
        await Gone(int.Parse(child, CultureInfo.InvariantCulture)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_below_a_script_has_the_whole_grace_though_the_script_ends_at_once()
    {
        var (ready, finished) = (Path.Combine(yard.Folder, "ready"), Path.Combine(yard.Folder, "finished"));
        var server = $"trap 'sleep 0.5; echo >{finished}; exit' TERM; echo >{ready}; while :; do sleep 0.1; done";
        await yard.Resize(Shell($"sh -c \"{server}\" & wait", Ready(new ProbeWay.Run(["test", "-s", ready]))), 1,
            since: 1);
        await yard.UntilReady(1);
        await yard.Resize(Shell("", Ready(new ProbeWay.Tcp())), 0, since: 2);
        await yard.UntilReady(0);
        File.Exists(finished).ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_will_not_end_is_ended_when_its_time_is_over()
    {
        await yard.Resize(Shell("trap '' TERM; echo up; while :; do sleep 1; done"), 1, since: 1);
        await yard.Resize(Shell(""), 0, since: 2);
        await yard.UntilReady(0);
        yard.Instances.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_never_becomes_ready_is_not_counted_as_ready_nor_as_failed()
    {
        var asked = Path.Combine(yard.Folder, "asked");
        await yard.Resize(Shell("exec sleep 1000",
            Ready(new ProbeWay.Run(["sh", "-c", $"echo >>{asked}; exit 1"]))), 1, since: 1);
        await yard.Until(() => yard.Instances.Single() is { Status: InstanceStatus.Starting, Pid: not null });
        var seen = await yard.Look(1);
        (seen.Live, seen.Ready, seen.Failed).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task Places_are_filled_in_where_a_probe_is_a_command()
    {
        var right = new ProbeWay.Run(["sh", "-c", "test {port}/{version} = $PORT/1.1"]);
        await yard.Resize(Shell("exec sleep 1000", Ready(right)), 1, since: 1);
        await yard.UntilReady(1);
    }

    [Fact]
    public async Task What_keeps_one_from_being_ready_is_shown_with_how_often_it_was_said()
    {
        var asked = new ProbeSpec(new ProbeWay.Run(["sh", "-c", "echo the cache is cold; exit 1"]))
        {
            Timeout = TimeSpan.FromMinutes(1),
            Failures = 1,
        };
        await yard.Resize(Shell("exec sleep 1000", new() { Readiness = asked }), 1, since: 1);
        await yard.Until(() => yard.Instances.Single().Health == InstanceHealth.Unhealthy);
        var instance = yard.Instances.Single();
        instance.Why.ShouldBe("sh ended with exit code 1, expected 0: the cache is cold");
        instance.Probes.ShouldHaveSingleItem().Last.Text.ShouldBe(instance.Why);
        (await yard.Look(1)).Failed.ShouldBe(0);
    }

    [Fact]
    public async Task Startup_that_fails_too_often_ends_the_instance()
    {
        var health = new HealthSpec
        {
            Startup = new(new ProbeWay.Tcp())
            {
                Every = TimeSpan.FromMilliseconds(20),
                Failures = 2
            }
        };
        await yard.Resize(Shell("exec sleep 1000", health), 1, since: 1);
        await yard.Until(() => yard.Instances.Single() is { Crashes: > 0 });
        yard.Instances.Single().Why.ShouldStartWith("Startup failed: ");
    }

    [Fact]
    public async Task Liveness_that_fails_restarts_the_instance()
    {
        var sick = Path.Combine(yard.Folder, "sick");
        var health = new HealthSpec
        {
            Liveness = new(new ProbeWay.Run(["test", "!", "-e", sick]))
            {
                Every = TimeSpan.FromMilliseconds(20),
                Failures = 2
            },
        };
        await yard.Resize(Shell("exec sleep 1000", health), 1, since: 1);
        var first = yard.Instances.Single().Pid;
        await File.WriteAllTextAsync(sick, "");
        await yard.Until(() => yard.Instances.Single() is { Crashes: > 0 });
        File.Delete(sick);
        await yard.Until(() => yard.Instances.Single() is { Pid: { } pid } && pid != first);
        yard.Instances.Single().Why.ShouldStartWith("Liveness failed: ");
    }

    [Fact]
    public async Task A_port_that_somebody_else_listens_on_is_not_used()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port;
        await yard.Resize(With(Yard.Revision(1, "sleep", "1000"), runtime => runtime with
        {
            Ports =
            new(taken, taken)
        }), 1, since: 1);
        yard.Instances.Single().Why.ShouldContain("None of the ports");
    }

    public static TheoryData<string, string, string?> Told => new()
    {
        { "sleep 1000 {port}", "", null },
        { "sleep 1000 $PORT", "", null },
        { "sleep 1000", "http://127.0.0.1:{port}", null },
        { "sleep 1000", "", "127.0.0.1:8080" },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public async Task What_is_told_its_port_in_whatever_way_is_not_ready_before_it_listens(
        string script, string variable, string? listen)
    {
        var revision = With(Shell(script), runtime => runtime with { Env = [new("URLS", variable)] });
        revision = revision with { Spec = revision.Spec with { Traffic = new() { Listen = listen } } };
        await yard.Resize(revision, 1, since: 1);
        var seen = await yard.Look(1);
        (seen.Live, seen.Ready).ShouldBe((1, 0));
        yard.Fleets.Members(Yard.Service).ShouldBeEmpty();
    }

    /// <summary>Comes when the process has ended, and never when it goes on.</summary>
    static async Task Gone(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It had ended before anybody looked.
        }
    }
}
