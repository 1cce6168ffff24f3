using System.Net;

namespace Slipway.Gateway.Transport;

/// <summary>
/// A listening socket. All loops watch the same one, so that a new process can take it over without losing a connection
/// that waits in its queue.
/// </summary>
sealed class Listener
{
    const int Backlog = 4096;

    public Listener(int fd)
    {
        Fd = fd;
        Span<byte> address = stackalloc byte[RawAddress.LengthMax];
        Native.Checked(Native.NameOf(fd, address), "getsockname");
        Port = RawAddress.PortOf(address);
        Native.NoticeLost(fd);
    }

    public int Fd { get; }
    public int Port { get; }

    /// <exception cref="IOException">Nobody can listen there.</exception>
    public static Listener Bind(IPAddress address, int port)
    {
        var fd = Native.NewSocket(RawAddress.FamilyOf(address));
        Native.Checked(fd, "socket");
        Span<byte> bytes = stackalloc byte[RawAddress.LengthMax];
        if (Native.Bind(fd, bytes[..RawAddress.Write(address, port, bytes)], Backlog) is var failed and < 0)
        {
            Native.Close(fd);
            throw new IOException($"Cannot listen on {address}:{port} ({Native.Message(-failed)}): stop what listens " +
                "there, or choose another port.");
        }

        return new(fd);
    }
}
