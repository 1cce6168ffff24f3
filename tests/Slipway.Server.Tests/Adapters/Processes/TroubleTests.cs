using Slipway.Health;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>What goes wrong where nobody waits is told, and everything else goes on.</summary>
public sealed class TroubleTests : IDisposable
{
    readonly Yard yard = new();

    string Conf => Path.Combine(yard.Folder, "conf");

    public void Dispose() => yard.Dispose();

    static Revision WithConf(params string[] command)
    {
        var revision = Yard.Revision(1, command);
        var process = (RuntimeSpec.Process)revision.Spec.Runtime;
        return revision with { Spec = revision.Spec with { Runtime = process with { EnvFiles = ["conf"] } } };
    }

    [Fact]
    public async Task An_instance_that_ends_on_a_full_disk_fails_with_the_reason_and_returns_when_there_is_room()
    {
        await yard.Resize(Yard.Revision(1, "sleep", "1000"), 1, since: 1);
        yard.FillDisk(1);
        var told = yard.NextTrouble();
        Yard.End(yard.Instances.Single().Pid!.Value);

        var trouble = await told;
        trouble.What.ShouldEndWith("r1.json could not be written, and is tried again: make room on that disk");
        trouble.Why.ShouldContain("No space left on device");
        await yard.Until(fleets => fleets.Single().Failed == 1);
        yard.Instances.Single().Why.ShouldStartWith("could not be started: No space left on device");

        yard.MakeRoom(1);
        await yard.UntilReady(1);
    }

    [Fact]
    public async Task Readiness_is_told_and_asked_on_a_full_disk_too()
    {
        var well = Path.Combine(yard.Folder, "well");
        await File.WriteAllTextAsync(well, "");
        var health = new HealthSpec
        {
            Readiness = new(new ProbeWay.Run(["test", "-e", well]))
            {
                Every = TimeSpan.FromMilliseconds(50),
                Failures = 1,
            },
        };
        await yard.Resize(Yard.Revision(1, ["sleep", "1000"], health), 1, since: 1);
        await yard.UntilReady(1);

        yard.FillDisk(1);
        File.Delete(well);
        await yard.Until(fleets => fleets.Single().Ready == 0);
        yard.Fleets.Members(Yard.Service).ShouldBeEmpty();
        await File.WriteAllTextAsync(well, "");
        await yard.Until(fleets => fleets.Single().Ready == 1);
        yard.MakeRoom(1);
    }

    [Fact]
    public async Task An_order_that_cannot_be_kept_is_refused_and_accepted_when_there_is_room()
    {
        yard.FillDisk(1);
        var sleeper = Yard.Revision(1, "sleep", "1000");
        await Should.ThrowAsync<IOException>(() => yard.Resize(sleeper, 1, since: 1));
        await Should.ThrowAsync<IOException>(() => yard.Resize(sleeper, 1, since: 1));
        (await yard.Fleets.Look(Yard.Service, CancellationToken.None)).ShouldBeEmpty();
        yard.Instances.ShouldBeEmpty();

        yard.MakeRoom(1);
        await yard.Resize(sleeper, 1, since: 1);
        (await yard.Look(1)).Live.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_variables_that_cannot_be_read_fails_every_instance_by_name()
    {
        Directory.CreateDirectory(Conf);
        await yard.Resize(WithConf("sleep", "1000"), 2, since: 1);
        await yard.Until(fleets => fleets.Single().Failed == 2);
        (await yard.Look(1)).Why.ShouldNotBeNull()
            .ShouldStartWith($"could not be started: {Conf}, named in envFiles, cannot be read: ");
    }

    [Fact]
    public async Task A_file_of_variables_that_becomes_unreadable_fails_the_next_start_and_no_more()
    {
        await File.WriteAllTextAsync(Conf, "A=1\n");
        await yard.Resize(WithConf("sh", "-c", "exit 3"), 1, since: 1);
        File.Delete(Conf);
        Directory.CreateDirectory(Conf);
        await yard.Until(() => yard.Instances.Single().Why.Contains("envFiles", StringComparison.Ordinal));
        await yard.Until(fleets => fleets.Single().Failed == 1);
    }

    [Fact]
    public async Task A_new_life_begins_though_nothing_can_be_read_or_written()
    {
        await File.WriteAllTextAsync(Conf, "A=1\n");
        await yard.Resize(WithConf("sleep", "1000"), 2, since: 1);
        yard.Restart(() =>
        {
            Yard.End(yard.Instances[0].Pid!.Value);
            File.Delete(Conf);
            Directory.CreateDirectory(Conf);
            yard.FillDisk(1);
        });
        (await yard.NextTrouble()).Why.ShouldContain("No space left on device");
        await yard.Until(fleets => fleets.Single().Live == 1);
        await yard.Until(fleets => fleets.Single().Failed == 1);
        yard.MakeRoom(1);
    }

    [Fact]
    public async Task Those_in_front_who_fail_are_told_of_and_stop_nobody()
    {
        using var other = new Yard(new Deaf());
        var told = other.NextTrouble();
        await other.Resize(Yard.Revision(1, "sleep", "1000"), 1, since: 1);
        (await told).ShouldBe(new("The instances of shop were not told to those in front", "deaf"));
        (await other.Look(1)).Live.ShouldBe(1);
    }

    sealed class Deaf : IMembers
    {
        public void Tell(string service, Seq<Member> members) => throw new InvalidOperationException("deaf");

        public Task Drained(string service, Member member, CancellationToken cancel) => Task.CompletedTask;
    }
}
