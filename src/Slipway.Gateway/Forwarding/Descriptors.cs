using Slipway.Gateway.Http;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>
/// The descriptors that this process may have. The runtime itself does not survive it when there is none left, so the
/// gateway stops clearly before: first it takes no more clients, then it makes no more connections to instances.
/// </summary>
sealed class Descriptors
{
    readonly long _free;
    long _used;

    public Descriptors(WireLimits limits)
    {
        Max = Native.DescriptorsMax();
        _free = Math.Max(1, Max - limits.DescriptorsKept);
        Clients = (int)Math.Clamp((long)(_free * limits.DescriptorsForClients), 1, limits.Connections);
    }

    public long Max { get; }

    /// <summary>So many clients at once.</summary>
    public int Clients { get; }

    public bool AreThere => Volatile.Read(ref _used) < _free;

    public void Take(int count = 1) => Interlocked.Add(ref _used, count);

    /// <summary>For what can be done without: only as long as half of them is free for clients and instances.</summary>
    public bool TryTakeSpare(int count)
    {
        if (Volatile.Read(ref _used) + count > _free / 2) return false;
        Take(count);
        return true;
    }

    public void Return(int count = 1) => Interlocked.Add(ref _used, -count);
}
