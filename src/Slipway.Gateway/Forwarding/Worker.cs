using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>One loop, and everything of the forwarding that lives on it.</summary>
sealed class Worker
{
    readonly Stack<Passage> _idle = new();
    readonly Stack<Strand> _idleStrands = new();
    readonly LinkedList<Connection> _connections = new();
    readonly LinkedList<Passage> _underWay = new();
    readonly LinkedList<Passage> _held = new();
    readonly Sweep _sweep;
    readonly Descriptors _descriptors;
    readonly Action<Exception> _faulted;
    readonly double _microseconds;
    TaskCompletionSource? _emptied;
    int _count;

    public Worker(int number, Sites sites, WireLimits limits, Descriptors descriptors, Action<Exception> faulted)
    {
        (Limits, _descriptors, _faulted) = (limits, descriptors, faulted);
        Lane = sites.OpenLane();
        _microseconds = 1e6 / sites.Time.TimestampFrequency;
        Loop = new($"gateway {number}", faulted) { Tick = Lane.Tick };
        Conduits = new(descriptors);
        Upstreams = new(Loop, limits, descriptors, Conduits);
        TurnedAway = new(Loop, limits.Linger, limits.TurnedAway);
        _sweep = new(this);
    }

    public Loop Loop { get; }
    public Lane Lane { get; }
    public WireLimits Limits { get; }
    public Upstreams Upstreams { get; }
    public Conduits Conduits { get; }
    public TurnedAway TurnedAway { get; }
    public Tally Tally => Lane.Tally;
    public bool IsDraining { get; private set; }

    /// <summary>The time for what is under way is over, because the gateway ends.</summary>
    public bool HasCut { get; private set; }

    /// <summary>Connections that live here or are on their way; read and raised by others too.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Expect()
    {
        _descriptors.Take();
        Interlocked.Increment(ref _count);
    }

    public long Microseconds(long since) => (long)((Lane.Now - since) * _microseconds);

    /// <summary>A connection that was counted by <see cref="Expect"/> before.</summary>
    public void Take(WatchedWire wire, Door door, Caller caller)
    {
        Tally.Accepted++;
        var connection = new Connection(this, wire) { Door = door, Caller = caller };
        _connections.AddLast(connection.Place);
        wire.Begin(connected: true);
        connection.Run().Forget();
    }

    public void Left(Connection connection)
    {
        _connections.Remove(connection.Place);
        Interlocked.Decrement(ref _count);
        _descriptors.Return();
        if (_connections.Count == 0) _emptied?.TrySetResult();
    }

    public void Fail(Exception fault)
    {
        Tally.Faults++;
        _faulted(fault);
    }

    public Passage Rent(Connection connection)
    {
        var passage = _idle.TryPop(out var idle) ? idle : new(this);
        passage.Join(connection);
        return passage;
    }

    public void Return(Passage passage)
    {
        passage.Leave();
        _idle.Push(passage);
    }

    public Strand RentStrand(Trunk trunk, int id)
    {
        var strand = _idleStrands.TryPop(out var idle) ? idle : new(this);
        strand.Begin(trunk, id);
        return strand;
    }

    public void Return(Strand strand) => _idleStrands.Push(strand);

    public void Begin(Passage passage)
    {
        _underWay.AddLast(passage.Place);
        _sweep.Need();
    }

    public bool TryHold(Passage passage)
    {
        if (HasCut || _held.Count >= Limits.Held) return false;
        Tally.Held++;
        _underWay.Remove(passage.Place);
        _held.AddLast(passage.Place);
        return true;
    }

    public void Resume(Passage passage)
    {
        _held.Remove(passage.Place);
        _underWay.AddLast(passage.Place);
    }

    /// <summary>The routing has changed: whoever is held asks anew, in the order of their coming.</summary>
    public void Wake()
    {
        // Whoever is held once more stands behind those who were held before.
        for (var left = _held.Count; left > 0 && _held.First is { } first; left--) first.Value.Nudge();
    }

    /// <summary>Idle connections end now, others with their request. Ends when there are none.</summary>
    public Task Drain()
    {
        IsDraining = true;
        _emptied ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_connections.Count == 0) _emptied.TrySetResult();
        for (var node = _connections.First; node is not null;)
        {
            var next = node.Next;
            node.Value.Drain();
            node = next;
        }

        return _emptied.Task;
    }

    /// <summary>Nobody comes by this door any more: whoever has come has to come anew elsewhere.</summary>
    public void Leave(Door door)
    {
        foreach (var connection in _connections)
            if (connection.Door == door) connection.LeaveDoor();
    }

    /// <summary>What is left is cut off.</summary>
    public void Cut()
    {
        HasCut = true;
        Wake();
        foreach (var passage in _underWay.ToList()) passage.Force();
        foreach (var connection in _connections.ToList()) connection.Wire.Sever();

        Upstreams.DropAll();
    }

    /// <summary>Looks for requests whose time is over, as long as there are requests.</summary>
    sealed class Sweep(Worker worker) : Timed(worker.Loop)
    {
        const int EveryMs = 100;

        bool _set;

        public void Need()
        {
            if (_set) return;
            _set = true;
            Deadline = Loop.Now + EveryMs;
        }

        internal override void OnDeadline()
        {
            _set = false;
            LinkedListNode<Passage>? next;
            for (var node = worker._underWay.First; node is not null; node = next?.List is null ? null : next)
            {
                next = node.Next;
                if (node.Value.MustEnd) node.Value.Force();
                else if (node.Value.IsForsaken) node.Value.Forsake();
            }

            if (worker._underWay.Count > 0) Need();
        }
    }
}
