using Slipway.Adapters.Files;
using Slipway.Decisions;
using Slipway.Health;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.Adapters.Processes;

/// <summary>
/// Keeps one fleet at the size that it has accepted. Every change of it is on the disk before anything follows from
/// it, so
/// that a new life knows the fence and finds every process again.
/// </summary>
sealed partial class Keeper(Ground ground, FleetRecord record, string path, Action changed) : IDisposable
{
    readonly Lock _gate = new();
    readonly List<Instance> _instances = [.. record.Instances.Select(known => new Instance(known, record.Revision))];
    FleetRecord _record = record;
    bool _over;

    public void Accept(FleetOrder order)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            if (order.Since < _record.Since) throw new OutdatedException($"{order.Fleet}", order.Since, _record.Since);
            if (order.Since > _record.Since || order.Size != _record.Size)
            {
                Commit_NeedsLock(_record with
                {
                    Revision = order.Revision,
                    Size = order.Size,
                    Since = order.Since,
                    MinReady = order.MinReady,
                });
                Follow_NeedsLock(order.Revision);
                Work_NeedsLock(order.Hurried);
            }
            else if (order.Hurried)
            {
                foreach (var draining in _instances.Where(one => one.Record.Status == InstanceStatus.Draining))
                    Stop_NeedsLock(draining);
            }
        }

        changed();
    }

    /// <summary>Takes up what an earlier life has left: the first thing that is done with a recorded fleet.</summary>
    public void Adopt()
    {
        lock (_gate)
        {
            foreach (var instance in _instances.ToList()) Adopt_NeedsLock(instance);
            Work_NeedsLock(hurried: false);
        }
    }

    public SeenFleet Look()
    {
        lock (_gate)
        {
            var now = ground.Now;
            return new(
                _record.Revision.Fleet,
                _record.Size,
                _record.Since,
                _instances.Count(instance => instance.Lives),
                _instances.Count(instance => instance.IsReady),
                _instances.Count(instance => instance.IsReady && instance.Vitals.IsAvailable(_record.MinReady, now)),
                _instances.Count(instance => instance.HasFailed))
            {
                Why = _instances.FindLast(instance => instance.HasFailed)?.Record.Why
                    ?? _instances.FindLast(one => one is { IsReady: false, Vitals.Why.Length: > 0 })?.Vitals.Why,
                Lost = _instances.Count(one => one.Record is { WasReady: true, IsLeaving: false } && !one.IsReady),
                OutOfMemory = _record.OutOfMemory,
            };
        }
    }

    public Seq<Member> Members()
    {
        lock (_gate)
            return _instances.Where(instance => instance.IsReady || instance.IsDraining)
                .Select(instance => instance.Member).ToSeq();
    }

    public Seq<InstanceView> Instances()
    {
        lock (_gate)
            return _instances.Select(instance => new InstanceView(
                _record.Revision.Fleet, instance.Record.Name, instance.Record.Process?.Pid, instance.Record.Port)
            {
                Status = instance.Record.Status,
                Health = instance.Lives ? instance.Vitals.Health : InstanceHealth.Unknown,
                Crashes = instance.Record.Crashes,
                Since = instance is { Lives: true, Record.Process: { } process } ? process.Began(ground.Now) : null,
                Usage = instance is { Lives: true, Record.Process: { } measured } ? ground.Usage.Of(measured) : null,
                Probes = instance.Lives ? instance.Vitals.Probes : [],
                Dependencies = instance.Lives ? instance.Vitals.Dependencies : [],
                Why = instance.Why,
            }).ToSeq();
    }

    public Releases.Revision Revision
    {
        get
        {
            lock (_gate) return _record.Revision;
        }
    }

    /// <summary>How often its instances have ended by themselves.</summary>
    public int Restarts
    {
        get
        {
            lock (_gate) return _record.Restarts;
        }
    }

    public List<Measured> Measured()
    {
        lock (_gate)
            return [.. from instance in _instances
                where instance.Lives
                let process = instance.Record.Process
                where process is not null
                select new Measured(_record.Service, _record.Revision.Fleet, process)];
    }

    public List<string> Markers()
    {
        lock (_gate)
            return [.. _instances.Select(one => Launch.MarkerOf(ground, _record.Service, one.Record.Name))];
    }

    /// <summary>The files that instances write to, or soon may.</summary>
    public List<string> Logs()
    {
        lock (_gate)
            return [.. _instances.Select(one => Launch.LogOf(ground, _record.Service, one.Record.Name))];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            foreach (var instance in _instances)
            {
                instance.Probing?.Dispose();
                if (instance.Pidfd is { } pidfd) Native.Close(pidfd);
                instance.Pidfd = null;
            }
        }
    }

    /// <summary>Towards the size: what is too many leaves, what is missing comes.</summary>
    void Work_NeedsLock(bool hurried)
    {
        var staying = _instances.Where(instance => !instance.Record.IsLeaving).ToList();
        foreach (var instance in Surplus(staying)) Retire_NeedsLock(instance, hurried);
        for (var missing = _record.Size - staying.Count; missing > 0; missing--)
        {
            var number = _record.NextNumber;
            var fleet = _record.Revision.Fleet;
            var name = InstanceRecord.NameOf(_record.Service, fleet, number);
            var instance = new Instance(new(number, name), _record.Revision);
            _record = _record with { NextNumber = number + 1 };
            _instances.Add(instance);
            Launch_NeedsLock(instance);
        }
    }

    /// <summary>What has failed or has not come up yet goes first, then the youngest.</summary>
    List<Instance> Surplus(List<Instance> staying) => [.. staying
        .OrderBy(instance => instance.HasFailed ? 0 : instance.IsReady ? 2 : 1)
        .ThenByDescending(instance => instance.Record.Number)
        .Take(Math.Max(0, staying.Count - _record.Size))];
}
