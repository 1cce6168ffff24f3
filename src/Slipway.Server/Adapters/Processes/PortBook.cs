using System.Net;
using System.Net.Sockets;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>
/// Which ports are given to instances. They lie outside of what the system hands out for outgoing connections, and
/// none is
/// used again at once.
/// </summary>
sealed class PortBook(TimeProvider time)
{
    readonly Dictionary<int, DateTimeOffset> _restUntil = [];
    readonly HashSet<int> _taken = [];
    readonly Lock _gate = new();

    public int Take(PortRange range)
    {
        var count = range.Last - range.First + 1;
        var start = Random.Shared.Next(count);
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                var port = range.First + (start + i) % count;
                if (_taken.Contains(port) || _restUntil.GetValueOrDefault(port) > time.GetUtcNow() || !IsFree(port))
                    continue;
                _taken.Add(port);
                return port;
            }
        }

        throw new IOException($"None of the ports {range.First} to {range.Last} is free: widen runtime.process.ports.");
    }

    /// <summary>In use since before this life of ours.</summary>
    public void Keep(int port)
    {
        lock (_gate) _taken.Add(port);
    }

    public void Release(int port)
    {
        lock (_gate)
            if (_taken.Remove(port))
                _restUntil[port] = time.GetUtcNow() + Limits.PortRests;
    }

    static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
