namespace Slipway.Gateway.Transport;

/// <summary>A socket and nothing else.</summary>
class SocketWire(Loop loop, int fd) : WatchedWire(loop, fd)
{
    public override int Receive(Span<byte> into)
    {
        if (IsClosed) return Failed;
        var count = Native.Receive(Fd, into);
        // Less than there was room for: the rest is told by another event, unless it was the last.
        if (count > 0)
        {
            if (count < into.Length && !PeerEnded) CanRead = false;
            return count;
        }

        if (count == 0) return Ended;
        if (count is not (-Native.Again or -Native.Interrupted)) return Failed;
        CanRead = count == -Native.Interrupted;
        return Again;
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed) return Failed;
        var count = Native.Send(Fd, bytes);
        if (count >= 0)
        {
            if (count < bytes.Length) CanWrite = false;
            return count;
        }

        if (count is not (-Native.Again or -Native.Interrupted)) return Failed;
        CanWrite = count == -Native.Interrupted;
        return Again;
    }
}
