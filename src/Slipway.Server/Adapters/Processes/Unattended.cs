using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters.Processes;

/// <summary>
/// Nobody of ours stands in front: requests come in another way, and nobody can say when they are over.
/// </summary>
public sealed class Unattended : IMembers
{
    public void Tell(string service, Seq<Member> members)
    {
        // There is nobody to tell.
    }

    public Task Drained(string service, Member member, CancellationToken cancel) => Task.CompletedTask;
}
