using System.Net.Sockets;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Life;

/// <summary>
/// Keeps open what services ask for, and nothing else. An address that cannot be had is told, and tried again: whoever
/// has it may leave it.
/// </summary>
sealed class Doors : IDisposable
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    readonly Sites _sites;
    readonly DataPlane _plane;
    readonly Action<string> _tell;
    readonly ITimer _again;
    readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    bool _over;

    public Doors(Sites sites, DataPlane plane, TimeProvider time, Action<string> tell)
    {
        (_sites, _plane, _tell) = (sites, plane, tell);
        _again = time.CreateTimer(_ => Follow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        sites.DoorsChanged += Follow;
    }

    /// <summary>Whoever takes this over listens at the same time.</summary>
    public IReadOnlyDictionary<string, int> Sockets
    {
        get
        {
            lock (_gate)
                return _plane.Listening.ToDictionary(open => open.Listen, open => open.Descriptor);
        }
    }

    /// <summary>A socket that listens already; nobody may want it any more.</summary>
    public void Adopt(string listen, int descriptor)
    {
        lock (_gate)
        {
            if (_sites.Doors.FirstOrDefault(door => door.Listen == listen) is not { } door)
            {
                Transport.Native.Close(descriptor);
                return;
            }

            _plane.Adopt(door, descriptor);
            door.Trouble = null;
            _tell($"has taken over {listen}");
        }
    }

    public void Follow()
    {
        lock (_gate)
        {
            if (_over) return;
            var open = _plane.Listening.Select(one => one.Listen).ToHashSet(StringComparer.Ordinal);
            var wanted = _sites.Doors;
            foreach (var gone in open.Except(wanted.Select(door => door.Listen)))
            {
                _plane.StopListening(gone);
                _tell($"does not listen on {gone} any more");
            }

            foreach (var door in wanted.Where(door => !open.Contains(door.Listen))) Open_NeedsLock(door);
            _missing.IntersectWith(wanted.Select(door => door.Listen));
            if (_missing.Count > 0) _again.Change(Again, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What is open stays so.</summary>
    public void Dispose()
    {
        _sites.DoorsChanged -= Follow;
        lock (_gate) _over = true;
        _again.Dispose();
    }

    void Open_NeedsLock(Door door)
    {
        try
        {
            _plane.Listen(door, Door.PointOf(door.Listen));
            _missing.Remove(door.Listen);
            door.Trouble = null;
            _tell($"listening on {door.Listen}");
        }
        catch (Exception e) when (e is IOException or FormatException or SocketException)
        {
            door.Trouble = $"cannot listen on {door.Listen}: {e.Message}";
            if (_missing.Add(door.Listen)) _tell(door.Trouble);
        }
    }
}
