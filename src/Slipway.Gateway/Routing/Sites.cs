using System.Security.Cryptography;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Routing;

namespace Slipway.Gateway.Routing;

/// <summary>All services of one gateway. Changes come one at a time; requests read snapshots.</summary>
public sealed class Sites
{
    readonly Lock _gate = new();
    readonly Ground _ground;
    readonly Dictionary<string, Door> _doors = new(StringComparer.Ordinal);
    readonly Door _any = new("");
    volatile Site[] _all = [];
    readonly Dictionary<string, Site> _removed = new(StringComparer.Ordinal);
    volatile Lane[] _lanes = [];
    bool _logged;

    /// <param name="secret">Seals the cookies: the same one after a restart, and on every gateway of the
    /// services.</param>
    public Sites(TimeProvider time, ReadOnlySpan<byte> secret) => _ground = new(time, secret.ToArray());

    /// <summary>A table, members or options have changed: whoever holds requests claims anew.</summary>
    public event Action? Changed;

    /// <summary>Where somebody has to listen has changed.</summary>
    public event Action? DoorsChanged;

    public IReadOnlyList<Site> All => _all;
    public IReadOnlyList<Lane> Lanes => _lanes;

    internal TimeProvider Time => _ground.Time;

    /// <summary>The addresses to listen on, each with its sites.</summary>
    public IReadOnlyList<Door> Doors
    {
        get
        {
            lock (_gate) return [.. _doors.Values.Where(door => !door.IsEmpty)];
        }
    }

    /// <summary>For one loop, for as long as it lives.</summary>
    public Lane OpenLane()
    {
        lock (_gate)
        {
            Span<byte> seed = stackalloc byte[8];
            RandomNumberGenerator.Fill(seed);
            var lane = new Lane(_lanes.Length, _ground.Time, BitConverter.ToUInt64(seed))
            {
                Log = _logged ? new() : null,
            };
            _lanes = [.. _lanes, lane];
            return lane;
        }
    }

    /// <summary>The site of a request, wherever it came in; see <see cref="Door.Find"/>.</summary>
    public Site? Find(RequestHead head) => _any.Find(head);

    public Site? Find(string service)
    {
        foreach (var site in _all)
            if (site.Name == service) return site;
        return null;
    }

    /// <summary>The place that is listened on at this address; the same one whatever comes and goes there.</summary>
    public Door DoorOf(string listen)
    {
        lock (_gate) return DoorOf_NeedsLock(listen);
    }

    /// <summary>A service that nobody has told of before is known from now on, and closed.</summary>
    public Site Open(string service)
    {
        lock (_gate)
        {
            if (Find(service) is { } known) return known;
            if (_all.Length >= Limits.Sites)
                throw new RouteTableException(
                    $"This gateway serves {Limits.Sites} services already: '{service}' needs another one.");
            var site = Return_NeedsLock(service) ?? new Site(service, FreeSlot_NeedsLock(), _ground);
            _all = [.. _all, site];
            return site;
        }
    }

    public void Put(string service, SiteOptions options)
    {
        var site = Open(service);
        lock (_gate)
        {
            site.Options = options;
            Arrange_NeedsLock();
        }

        DoorsChanged?.Invoke();
        Changed?.Invoke();
    }

    public void Remove(string service)
    {
        lock (_gate)
        {
            if (Find(service) is not { } site) return;
            _removed[service] = site;
            site.Leave();
            _all = [.. _all.Where(other => other != site)];
            Arrange_NeedsLock();
        }

        DoorsChanged?.Invoke();
        Changed?.Invoke();
    }

    /// <exception cref="RouteTableException">The table cannot be served; the one before stays.</exception>
    public void Route(string service, RouteTable table, long since)
    {
        var site = Open(service);
        site.Swap(new CompiledTable(table, since, site.Book.Of));
        Changed?.Invoke();
    }

    public void Tell(string service, Seq<Member> members)
    {
        Open(service).Book.Tell(members);
        Changed?.Invoke();
    }

    /// <summary>From now on every lane has a place for its lines.</summary>
    internal void BeginLog()
    {
        lock (_gate)
        {
            _logged = true;
            foreach (var lane in _lanes) lane.Log ??= new();
        }
    }

    /// <summary>Of a service that was removed requests may still be under way.</summary>
    internal Site? FindRemoved(string service)
    {
        lock (_gate) return _removed.GetValueOrDefault(service);
    }

    internal void Mirror(Shadows shadows) => _ground.Shadows = shadows;

    internal void HasChanged() => Changed?.Invoke();

    /// <summary>One that comes back to its place goes on counting where it had been.</summary>
    Site? Return_NeedsLock(string service)
    {
        if (!_removed.Remove(service, out var site) || _all.Any(other => other.Slot == site.Slot)) return null;
        site.Return();
        return site;
    }

    int FreeSlot_NeedsLock() =>
        Enumerable.Range(0, _all.Length + 1).First(free => _all.All(other => other.Slot != free));

    Door DoorOf_NeedsLock(string listen)
    {
        if (!_doors.TryGetValue(listen, out var door)) _doors.Add(listen, door = new(listen));
        return door;
    }

    void Arrange_NeedsLock()
    {
        foreach (var site in _all)
            if (site.Options.Listen is { } listen) DoorOf_NeedsLock(listen);
        foreach (var door in _doors.Values) door.Put(_all.Where(site => site.Options.Listen == door.Listen));
        _any.Put(_all);
    }
}
