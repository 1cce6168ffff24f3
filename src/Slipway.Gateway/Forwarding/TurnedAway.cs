using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// Clients that were told that there are too many. Closed at once, a connection on which the client has just asked
/// something would be reset, and it would never read why; so a few stay open for a moment.
/// </summary>
sealed class TurnedAway(Loop loop, TimeSpan time, int most) : Timed(loop)
{
    readonly Queue<(int Fd, long Until)> _waiting = new();

    public void Take(int fd)
    {
        if (_waiting.Count == most) Native.Close(_waiting.Dequeue().Fd);
        _waiting.Enqueue((fd, Loop.In(time)));
        if (_waiting.Count == 1) Deadline = _waiting.Peek().Until;
    }

    public void CloseAll()
    {
        Loop.Wheel.Remove(this);
        while (_waiting.TryDequeue(out var one)) Native.Close(one.Fd);
    }

    internal override void OnDeadline()
    {
        while (_waiting.TryPeek(out var first) && first.Until <= Loop.Now) Native.Close(_waiting.Dequeue().Fd);
        if (_waiting.Count > 0) Deadline = _waiting.Peek().Until;
    }
}
