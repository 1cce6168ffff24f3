namespace Slipway.Gateway.Transport;

/// <summary>A socket and nothing else.</summary>
class SocketWire(Loop loop, int fd) : WatchedWire(loop, fd)
{
    public override int Receive(Span<byte> into)
    {
        if (IsClosed) return Failed;
        var count = Received(Native.Receive(Fd, into));
        // Less than there was room for: the rest is told by another event, unless it was the last.
        if (count > 0 && count < into.Length && !PeerEnded) CanRead = false;
        return count;
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed) return Failed;
        var count = Sent(Native.Send(Fd, bytes));
        if (count >= 0 && count < bytes.Length) CanWrite = false;
        return count;
    }

    /// <summary>
    /// Into a pipe that is empty. Less than was asked for tells nothing: the pipe may have been full before.
    /// </summary>
    internal int ReceiveInto(int pipe, int most) => IsClosed ? Failed : Received(Native.Splice(Fd, pipe, most));

    internal int SendFrom(int pipe, int count) => IsClosed ? Failed : Sent(Native.Splice(pipe, Fd, count));

    int Received(int count)
    {
        if (count > 0) return count;
        if (count == 0) return Ended;
        if (count is not (-Native.Again or -Native.Interrupted)) return Failed;
        CanRead = count == -Native.Interrupted;
        return Again;
    }

    int Sent(int count)
    {
        if (count >= 0) return count;
        if (count is not (-Native.Again or -Native.Interrupted)) return Failed;
        CanWrite = count == -Native.Interrupted;
        return Again;
    }
}
