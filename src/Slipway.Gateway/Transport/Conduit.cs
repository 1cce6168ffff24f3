namespace Slipway.Gateway.Transport;

/// <summary>
/// A pipe in the kernel, for bodies that nobody here has to see: what lies in it has been copied from no socket and is
/// copied to none.
/// </summary>
sealed class Conduit
{
    /// <summary>A body pays for its pipe only when it is this large.</summary>
    public const int Worthwhile = 256 * 1024;
    const int Size = 256 * 1024;

    readonly int _out, _in;

    Conduit(int output, int input) => (_out, _in) = (output, input);

    /// <summary>Bytes that have come in and not gone out.</summary>
    public int Held { get; private set; }

    /// <summary>Null where there is no descriptor left for one: bytes are copied then.</summary>
    public static Conduit? Open() => Native.NewPipe(Size, out var output, out var input) ? new(output, input) : null;

    /// <summary>As <see cref="Wire.Receive"/>.</summary>
    public int Fill(SocketWire from, long most)
    {
        var count = from.ReceiveInto(_in, (int)Math.Min(most, Size));
        if (count > 0) Held += count;
        return count;
    }

    /// <summary>As <see cref="Wire.Send"/>.</summary>
    public int Drain(SocketWire to)
    {
        var count = to.SendFrom(_out, Held);
        if (count > 0) Held -= count;
        return count;
    }

    public void Close()
    {
        Native.Close(_out);
        Native.Close(_in);
    }
}
