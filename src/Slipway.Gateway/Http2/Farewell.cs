using Slipway.Gateway.Http;

namespace Slipway.Gateway.Http2;

/// <summary>
/// How a trunk takes leave without losing a request (RFC 9113, 6.8): a first goodbye that takes everything still, a
/// ping whose answer says that it was heard, and a last one that names what was taken.
/// </summary>
/// <remarks>
/// A client that reads a goodbye forgets what it has queued and not sent, and may say so to whoever asked. It queues
/// requests when answers come. So the first goodbye is said when a client has just sent its requests, and has as many
/// under way as it had at most: then no answer is on its way that makes it ask again.
/// </remarks>
sealed class Farewell(Trunk trunk)
{
    enum At { No, Wanted, Said, Heard, Last }

    static readonly byte[] LastPing = "goodbye."u8.ToArray();

    At _at;
    long _since;
    int _most;

    /// <summary>The client knows that nothing new is taken.</summary>
    public bool IsLast => _at == At.Last;

    /// <summary>When the next word is due at the latest; null when nobody waits for one.</summary>
    public long? Deadline => _at switch
    {
        At.Wanted => _since + (long)trunk.Limits.FirstGoodbye.TotalMilliseconds,
        At.Said => _since + (long)trunk.Limits.LastCall.TotalMilliseconds,
        At.Heard => _since + (long)trunk.Limits.LastStreams.TotalMilliseconds,
        _ => null,
    };

    public void Want()
    {
        if (_at != At.No) return;
        Enter(At.Wanted);
        _most = trunk.Strands.Count;
    }

    /// <summary>Requests have come, and none of them is looked at yet.</summary>
    public void OnRequests()
    {
        if (_at != At.Wanted) return;
        var asksForAll = trunk.Strands.Count >= _most;
        _most = Math.Max(_most, trunk.Strands.Count);
        if (asksForAll && trunk.Now - _since >= (long)trunk.Limits.GoodbyeLook.TotalMilliseconds) Say();
    }

    /// <summary>A client may answer the ping before it sends what it had begun by then: that is taken too.</summary>
    public void Heard(ReadOnlySpan<byte> ping)
    {
        if (_at == At.Said && ping.SequenceEqual(LastPing)) Enter(At.Heard);
    }

    /// <summary>The next word is due. False when there is none.</summary>
    public bool Expire()
    {
        if (Deadline is null) return false;
        if (_at == At.Wanted) Say();
        else SayLast();
        return true;
    }

    void Say()
    {
        Enter(At.Said);
        trunk.SayGoodbye(int.MaxValue, Breach.None);
        trunk.Outbox.PutSmall(FrameKind.Ping, 0, 0, LastPing);
    }

    void SayLast()
    {
        Enter(At.Last);
        trunk.SayGoodbye(trunk.Strands.LastId, Breach.None);
        trunk.EndIfEmpty();
    }

    void Enter(At at) => (_at, _since) = (at, trunk.Now);
}
