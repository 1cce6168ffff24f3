using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>A connection to an instance.</summary>
sealed class UpstreamWire(Loop loop, int fd, Instance instance, Descriptors descriptors) : SocketWire(loop, fd)
{
    public Instance Instance => instance;

    /// <summary>Where it lies while it waits for the next request; null while it serves one.</summary>
    public IdleUpstreams? Idle { get; set; }
    public int Place { get; set; }
    public long IdleSince { get; set; }

    /// <summary>An instance that says anything unasked is closing, or not to be trusted.</summary>
    protected override void OnReady()
    {
        if (CanRead) Idle?.Drop(this);
    }

    protected override void Release()
    {
        base.Release();
        descriptors.Return();
    }

    internal override void OnDeadline()
    {
        if (Idle is { } idle) idle.Drop(this);
        else base.OnDeadline();
    }
}

/// <summary>The idle connections of one loop to one instance; the one that was used last is used first.</summary>
sealed class IdleUpstreams(Instance instance)
{
    readonly List<UpstreamWire> _wires = [];

    public Instance Instance => instance;
    public int Count => _wires.Count;

    public UpstreamWire? Take(long idleSince)
    {
        if (_wires.Count == 0 || _wires[^1].IdleSince < idleSince) return null;
        var wire = _wires[^1];
        Remove(wire);
        return wire;
    }

    public void Put(UpstreamWire wire)
    {
        (wire.Idle, wire.Place) = (this, _wires.Count);
        _wires.Add(wire);
    }

    public void Drop(UpstreamWire wire)
    {
        Remove(wire);
        wire.Close();
    }

    public void DropAll()
    {
        while (_wires.Count > 0) Drop(_wires[^1]);
    }

    void Remove(UpstreamWire wire)
    {
        var last = _wires[^1];
        (_wires[wire.Place], last.Place, wire.Idle) = (last, wire.Place, null);
        _wires.RemoveAt(_wires.Count - 1);
    }
}

/// <summary>The ways of one loop to all instances.</summary>
sealed class Upstreams(Loop loop, WireLimits limits, Descriptors descriptors, Conduits conduits)
{
    /// <summary>
    /// A request that must not be asked twice takes no connection that has been idle for longer: the instance may be
    /// closing it at this moment, and nobody could tell whether it has heard.
    /// </summary>
    const long FreshMs = 2_000;

    static readonly TimeSpan NamesKept = TimeSpan.FromSeconds(5);

    /// <summary>Who knows the addresses of names.</summary>
    internal Func<string, Task<IPAddress[]>> Names { get; set; } = Dns.GetHostAddressesAsync;

    readonly Dictionary<string, (IPAddress? Address, long Until)> _names = new(StringComparer.Ordinal);
    IdleUpstreams?[] _idle = new IdleUpstreams?[16];

    public UpstreamWire? Take(Instance instance, bool mayBeOld) => Of(instance) is { } idle
        ? idle.Take(mayBeOld ? long.MinValue : loop.Now - FreshMs)
        : null;

    public void Put(UpstreamWire wire)
    {
        var idle = Of(wire.Instance) ?? Add(wire.Instance);
        if (idle.Count >= limits.IdleUpstreams || wire.IsOver || wire.PeerEnded || SaysMore(wire))
        {
            wire.Close();
            return;
        }

        wire.IdleSince = loop.Now;
        wire.Until(limits.UpstreamIdle);
        idle.Put(wire);
    }

    /// <summary>The last read may have ended without telling that it was the last.</summary>
    bool SaysMore(UpstreamWire wire) => wire.CanRead && wire.Receive(loop.Buffers.Scratch) != Wire.Again;

    /// <param name="Wire">Null when the instance cannot be reached.</param>
    /// <param name="IsFull">No descriptor was left for it: that is no instance's fault.</param>
    public readonly record struct Way(UpstreamWire? Wire, bool IsFull = false);

    public async Flow<Way> Connect(Instance instance)
    {
        if ((instance.Address ?? await Resolve(instance.Host)) is not { } address) return default;
        if (!descriptors.AreThere) MakeRoom();
        var fd = descriptors.AreThere
            ? Native.NewSocket(RawAddress.FamilyOf(address))
            : -Native.ProcessIsFull;
        if (fd < 0) return new(null, fd is -Native.ProcessIsFull or -Native.MachineIsFull);
        descriptors.Take();
        Native.SendAtOnce(fd);
        var begun = Begin(fd, address, instance.Port);
        if (begun is not (0 or -Native.InProgress))
        {
            Native.Close(fd);
            descriptors.Return();
            return default;
        }

        var wire = new UpstreamWire(loop, fd, instance, descriptors);
        wire.Begin(connected: begun == 0);
        if (begun == 0) return new(wire);
        wire.Until(limits.Connect);
        while (!wire.CanWrite && !wire.IsOver) await wire.Writable();
        if (wire.CanWrite && Native.ErrorOf(fd) == 0) return new(wire);
        wire.Close();
        return default;
    }

    public void DropAll()
    {
        foreach (var idle in _idle) idle?.DropAll();
    }

    /// <summary>What is idle is worth less than a request.</summary>
    public void MakeRoom()
    {
        DropAll();
        conduits.DropAll();
    }

    IdleUpstreams? Of(Instance instance) =>
        instance.Slot < _idle.Length && _idle[instance.Slot] is { } idle && idle.Instance == instance ? idle : null;

    /// <summary>A slot is used again when its instance has gone.</summary>
    IdleUpstreams Add(Instance instance)
    {
        if (instance.Slot >= _idle.Length) Array.Resize(ref _idle, Math.Max(instance.Slot + 1, _idle.Length * 2));
        _idle[instance.Slot]?.DropAll();
        return _idle[instance.Slot] = new(instance);
    }

    static int Begin(int fd, IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[RawAddress.LengthMax];
        return Native.Connect(fd, bytes[..RawAddress.Write(address, port, bytes)]);
    }

    /// <summary>Names are seldom, so they may cost something: they are asked for elsewhere.</summary>
    async Flow<IPAddress?> Resolve(string host)
    {
        if (_names.TryGetValue(host, out var known) && known.Until > loop.Now) return known.Address;
        IPAddress? found = null;
        var told = new Signal();
        _ = Task.Run(async () =>
        {
            try
            {
                found = (await Names(host).WaitAsync(limits.Connect)).FirstOrDefault();
            }
            catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
            {
                // Nobody is known by this name, or nobody says who.
            }
            finally
            {
                loop.Post(told.Set);
            }
        });
        await told;
        _names[host] = (found, loop.In(NamesKept));
        return found;
    }
}
