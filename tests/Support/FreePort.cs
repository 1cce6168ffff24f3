using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Support;

/// <summary>
/// A port for something that begins to listen later. The kernel gives its own free ports to whoever asks next, and
/// services take theirs for instances from 20000 on: these are below both, and no test gets one twice.
/// </summary>
public static class FreePort
{
    const int First = 10_000, Count = 10_000;

    // Runs side by side begin at different places.
    static int _given = Environment.ProcessId * 61;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _given) % Count);
            if (IsFree(port)) return port;
        }
    }

    public static string Address() => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Next()}");

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false; // somebody listens there
        }
    }
}
