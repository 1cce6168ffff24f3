using Slipway.Gateway.Routing;
using Slipway.Routing;
using Slipway.Running;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Control;

/// <summary>
/// What the control plane wants of this gateway. Each service has two fences, one for tables and one for members: what
/// is older than what was accepted is refused, also after a restart. Traffic follows at once, then the order is brought
/// to the disk: a disk that is full must not keep a bad version in the traffic.
/// </summary>
public sealed class Orders
{
    readonly Lock _gate = new();
    readonly Sites _sites;
    readonly StateFolder _folder;

    /// <summary>Services of which something newer holds than what is on the disk.</summary>
    readonly HashSet<string> _unkept = new(StringComparer.Ordinal);
    readonly Dictionary<string, SiteState> _states = new(StringComparer.Ordinal);
    bool _kept = true;

    /// <summary>
    /// Goes on with what is on the disk. Members from before a reboot are not served until told anew.
    /// </summary>
    /// <exception cref="StateFormatException">A newer gateway has written the state.</exception>
    public Orders(Sites sites, StateFolder folder)
    {
        (_sites, _folder) = (sites, folder);
        foreach (var state in folder.Read()) Restore(state);
        Trouble ??= folder.Damage;
    }

    /// <summary>What could not be read or kept, and why; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Told after an order was accepted that has changed something.</summary>
    public event Action? Accepted;

    /// <summary>From now on another gateway keeps what is ordered, and tells us.</summary>
    public void LeaveToHeir()
    {
        lock (_gate) _kept = false;
    }

    /// <summary>That other one has not come: what was told meanwhile is kept here again.</summary>
    public void KeepAgain()
    {
        lock (_gate)
        {
            _kept = true;
            _unkept.UnionWith(_states.Keys);
            Keep_NeedsLock();
        }
    }

    public Seq<SiteState> States
    {
        get
        {
            lock (_gate) return _states.Values.OrderBy(state => state.Service, StringComparer.Ordinal).ToSeq();
        }
    }

    public SiteState Look(string service)
    {
        lock (_gate) return Of_NeedsLock(service);
    }

    /// <exception cref="RouteTableException">It cannot be served, or there are too many services.</exception>
    public void Put(string service, SiteOptions options)
    {
        options.Check(service);
        lock (_gate)
        {
            var state = Of_NeedsLock(service);
            if (state.Options == options && !state.Removed) return;
            _sites.Put(service, options);
            Keep_NeedsLock(state with { Options = options, Removed = false });
        }
    }

    /// <summary>Nobody comes in any more. Its fences stay.</summary>
    public void Remove(string service)
    {
        lock (_gate)
        {
            if (!_states.TryGetValue(service, out var state) || state.Removed) return;
            _sites.Remove(service);
            Keep_NeedsLock(new(service) { Since = state.Since, Sequence = state.Sequence, Removed = true });
        }
    }

    /// <exception cref="OutdatedException">A newer table was accepted before.</exception>
    /// <exception cref="RouteTableException">It cannot be served; the one before stays.</exception>
    public void Route(string service, TableOrder order)
    {
        lock (_gate)
        {
            var state = Of_NeedsLock(service);
            if (order.Since < state.Since)
                throw new OutdatedException($"the table of {service}", order.Since, state.Since);
            if (order.Since == state.Since && order.Table == state.Table) return;
            _sites.Route(service, order.Table, order.Since);
            Keep_NeedsLock(state with { Table = order.Table, Since = order.Since, Removed = false });
        }
    }

    /// <exception cref="OutdatedException">A newer snapshot was accepted before.</exception>
    public void Tell(string service, MembersOrder order)
    {
        Check(service, order.Members);
        lock (_gate)
        {
            var state = Of_NeedsLock(service);
            if (order.Sequence < state.Sequence)
                throw new OutdatedException($"the members of {service}", order.Sequence, state.Sequence);
            if (state.Confirmed && order.Sequence == state.Sequence && order.Members.Equals(state.Members)) return;
            _sites.Tell(service, order.Members);
            Keep_NeedsLock(state with
            {
                Members = order.Members,
                Sequence = order.Sequence,
                Confirmed = true,
                Removed = false,
            });
        }
    }

    /// <exception cref="RouteTableException">It cannot be done.</exception>
    public void Inject(string service, InjectOrder order)
    {
        if (order.For > Limits.DrillMax || order.Delay > Limits.DrillMax || order.Delay < TimeSpan.Zero
            || order.Status is < 200 or > 599)
            throw new RouteTableException($"A drill lasts {Limits.DrillMax} at most, and its status is 200 to 599.");
        var fleet = _sites.Find(service)?.Book.Find(order.Fleet)
            ?? throw new RouteTableException($"There is no fleet {order.Fleet} of '{service}' on this gateway.");
        var time = _sites.Time;
        fleet.Injection = order.Share == Share.None || order.For <= TimeSpan.Zero
            ? null
            : new(order.Share, order.Delay, order.Status,
                time.GetTimestamp() + (long)(order.For.TotalSeconds * time.TimestampFrequency));
    }

    static void Check(string service, Seq<Member> members)
    {
        if (members.Count > Limits.Instances)
            throw new RouteTableException(
                $"'{service}' has {members.Count} instances: {Limits.Instances} at most on one gateway.");
        if (members.CountBy(member => member.Instance).FirstOrDefault(named => named.Value > 1) is { Key: { } twice })
            throw new RouteTableException($"Two members of '{service}' are called '{twice}': each needs its own name.");
        if (members.FirstOrDefault(member => Uri.CheckHostName(member.Host) == UriHostNameType.Unknown
            || member.Port is < 1 or > 65_535) is { } lost)
            throw new RouteTableException(
                $"The member '{lost.Instance}' of '{service}' has no address: '{lost.Host}', port {lost.Port}.");
    }

    SiteState Of_NeedsLock(string service) => _states.GetValueOrDefault(service) ?? new(service);

    void Restore(SiteState state)
    {
        _states[state.Service] = state;
        if (state.Removed) return;
        try
        {
            _sites.Open(state.Service);
            if (state.Options is { } options) _sites.Put(state.Service, options);
            if (state.Confirmed) _sites.Tell(state.Service, state.Members);
            _sites.Route(state.Service, state.Table, state.Since);
        }
        catch (RouteTableException e)
        {
            Trouble = $"'{state.Service}' is closed until its table is told anew: {e.Message}";
        }
    }

    void Keep_NeedsLock(SiteState state)
    {
        _states[state.Service] = state;
        _unkept.Add(state.Service);
        if (_kept) Keep_NeedsLock();
        Accepted?.Invoke();
    }

    void Keep_NeedsLock()
    {
        try
        {
            foreach (var service in _unkept.ToList())
            {
                _folder.Write(_states[service]);
                _unkept.Remove(service);
            }

            Trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trouble = $"The state could not be kept, a restart would go on with an older one: {e.Message}";
        }
    }
}
