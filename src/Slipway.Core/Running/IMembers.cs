using Slipway.Routing;

namespace Slipway.Running;

/// <summary>
/// Who passes requests on to instances. Whoever runs instances tells who is there, and before stopping one asks whether
/// it has been let go of.
/// </summary>
public interface IMembers
{
    /// <summary>
    /// Everybody of a service who is there now, in the place of what was told before. Returns at once: it is told on
    /// until everybody knows it, or knows something newer.
    /// </summary>
    void Tell(string service, Seq<Member> members);

    /// <summary>
    /// Ends when the member gets no new requests and has answered what it was asked before. The caller limits the time.
    /// </summary>
    Task Drained(string service, Member member, CancellationToken cancel);
}
