using System.Collections.Concurrent;
using Slipway.Health;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Tests.Adapters.Processes;

/// <summary>Those in front hear who is there, and are asked before anybody is stopped.</summary>
public sealed class MembersTests : IDisposable
{
    readonly Front _front = new();
    readonly Yard _yard;

    public MembersTests() => _yard = new(_front);

    public void Dispose()
    {
        _front.LetGo.TrySetResult();
        _yard.Dispose();
    }

    sealed class Front : IMembers
    {
        public ConcurrentQueue<Seq<Member>> Told { get; } = new();
        public TaskCompletionSource<Member> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Tell(string service, Seq<Member> members) => Told.Enqueue(members);

        public async Task Drained(string service, Member member, CancellationToken cancel)
        {
            Asked.TrySetResult(member);
            await LetGo.Task.WaitAsync(cancel);
        }
    }

    static Releases.Revision Sleeping => Yard.Revision(1, ["sleep", "1000"], new HealthSpec
    {
        Readiness = new(new ProbeWay.Run(["true"])) { Every = TimeSpan.FromMilliseconds(50) },
    });

    [Fact]
    public async Task An_instance_that_is_ready_is_told_with_its_version()
    {
        await _yard.Resize(Sleeping, 1, since: 1);
        await _yard.UntilReady(1);
        var member = _front.Told.Last().ShouldHaveSingleItem();
        (member.Fleet, member.Version, member.Draining).ShouldBe((new Fleet(1), "1.1", false));
        member.Port.ShouldBe(_yard.Instances.Single().Port);
    }

    [Fact]
    public async Task One_that_is_to_stop_is_told_as_draining_and_lives_until_it_was_let_go_of()
    {
        await _yard.Resize(Sleeping, 1, since: 1);
        await _yard.UntilReady(1);
        await _yard.Resize(Sleeping, 0, since: 2);
        var asked = await _front.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        asked.Instance.ShouldBe("shop-r1-1");
        _front.Told.Last().ShouldHaveSingleItem().Draining.ShouldBeTrue();
        _yard.Instances.Single().Status.ShouldBe(InstanceStatus.Draining);

        _front.LetGo.SetResult();
        await _yard.Until(() => _yard.Instances.Count == 0);
        _front.Told.Last().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_life_tells_at_once_who_is_there()
    {
        await _yard.Resize(Sleeping, 1, since: 1);
        await _yard.UntilReady(1);
        _yard.Restart(() => _front.Told.Clear());
        _front.Told.First().ShouldHaveSingleItem().Instance.ShouldBe("shop-r1-1");
    }
}
