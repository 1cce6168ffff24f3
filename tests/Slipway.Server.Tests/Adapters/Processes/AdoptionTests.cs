using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Adapters.Processes;
using Slipway.Decisions;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>The control plane dies; instances live on and are met again.</summary>
public sealed partial class AdoptionTests : IDisposable
{
    static readonly Revision Sleeper = Yard.Revision(1, "sleep", "1000");

    readonly Yard yard = new();

    public void Dispose() => yard.Dispose();

    IEnumerable<int?> Pids => yard.Instances.Select(instance => instance.Pid);

    string Record => Path.Combine(yard.Data, "fleets", "shop", "r1.json");

    [Fact]
    public async Task Living_instances_are_adopted_and_counted_at_once()
    {
        await yard.Resize(Sleeper, 2, since: 7);
        await yard.UntilReady(2);
        var before = Pids.ToList();

        yard.Restart();
        (await yard.Look(1)).ShouldBe(new SeenFleet(new Fleet(1), 2, 7, Live: 2, Ready: 2, Available: 2, Failed: 0));
        Pids.ShouldBe(before);
    }

    [Fact]
    public async Task An_older_order_is_still_refused()
    {
        await yard.Resize(Sleeper, 0, since: 7);
        yard.Restart();
        await Should.ThrowAsync<OutdatedException>(() => yard.Resize(Sleeper, 1, since: 6));
    }

    [Fact]
    public async Task An_adopted_instance_is_watched_and_replaced_when_it_dies()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        yard.Restart();
        var first = Pids.Single();
        Yard.End(first!.Value);
        await yard.Until(() => Pids.Single() is { } pid && pid != first);
    }

    [Fact]
    public async Task An_adopted_instance_is_stopped_when_it_is_no_longer_wanted()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        yard.Restart();
        await yard.Resize(Sleeper, 0, since: 8);
        await yard.UntilReady(0);
    }

    [Fact]
    public async Task What_died_meanwhile_is_started_again()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        var first = Pids.Single();
        yard.Restart(() => Yard.End(first!.Value));
        await yard.Until(() => Pids.Single() is { } pid && pid != first);
        yard.Instances.Single().Why.ShouldBe("ended while nobody watched");
    }

    [Fact]
    public async Task A_stranger_with_the_number_of_an_instance_is_neither_adopted_nor_hurt()
    {
        using var stranger = Process.Start("sleep", "1000");
        await yard.Resize(Sleeper, 1, since: 7);
        var first = Pids.Single()!.Value;
        yard.Restart(() =>
        {
            Yard.End(first);
            File.WriteAllText(Record, RecordedNumber().Replace(File.ReadAllText(Record),
                $"\"pid\":{stranger.Id},\"start\":1"));
        });

        await yard.Until(() => Pids.Single() is { } pid && pid != stranger.Id);
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task One_that_was_started_and_not_yet_recorded_is_found_by_its_marker()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        var first = Pids.Single();
        yard.Restart(() => File.WriteAllText(Record, RecordedProcess().Replace(File.ReadAllText(Record), "")));
        Pids.Single().ShouldBe(first);
    }

    [Fact]
    public async Task One_that_no_record_knows_any_more_is_ended_and_told_of()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        var stray = ProcessIdentity.Of(Pids.Single()!.Value)!;
        yard.Restart(() => File.Delete(Record));

        (await yard.NextTrouble()).What.ShouldBe(
            $"Process {stray.Pid} was an instance of ours ({yard.Data}:shop/shop-r1-1) and is ended");
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (ProcessIdentity.Of(stray.Pid) == stray)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"service\": 7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"service\": \"shop\" }")]
    public async Task A_damaged_record_is_put_aside_and_keeps_nobody_else_from_being_adopted(string text)
    {
        await yard.Resize(Sleeper, 1, since: 7);
        await yard.Resize(Yard.Revision(2, "sleep", "1000"), 1, since: 8);
        var other = yard.Instances.Single(one => one.Fleet == new Routing.Fleet(2)).Pid;
        yard.Restart(() => File.WriteAllText(Record, text));

        yard.Instances.ShouldHaveSingleItem().Pid.ShouldBe(other);
        (await yard.NextTrouble()).What.ShouldContain("is damaged and was put aside");
        File.ReadAllText($"{Record}.damaged").ShouldBe(text);
        await yard.Resize(Sleeper, 1, since: 7);
        yard.Instances.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_copy_of_a_record_is_put_aside_and_the_record_holds()
    {
        await yard.Resize(Sleeper, 1, since: 7);
        var first = Pids.Single();
        var copy = Path.Combine(Path.GetDirectoryName(Record)!, "copy.json");
        yard.Restart(() => File.Copy(Record, copy));

        Pids.Single().ShouldBe(first);
        (await yard.NextTrouble()).Why.ShouldBe($"it is a copy of {Record}");
        File.Exists(copy).ShouldBeFalse();
    }

    [GeneratedRegex("\"pid\":\\d+,\"start\":\\d+")]
    private static partial Regex RecordedNumber();

    [GeneratedRegex("\"process\":\\{[^{}]*\\},?")]
    private static partial Regex RecordedProcess();
}
