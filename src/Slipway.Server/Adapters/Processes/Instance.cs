using Slipway.Health;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Adapters.Processes;

/// <summary>
/// One instance as its fleet holds it: what is recorded of it, and what dies with us. Touched under the fleet's lock.
/// </summary>
sealed class Instance(InstanceRecord record, Revision revision)
{
    public InstanceRecord Record { get; set; } = record;
    public Revision Revision { get; set; } = revision;
    public Launch? Launch { get; set; }
    public Vitals Vitals { get; set; } = new(new());
    public Probing? Probing { get; set; }

    /// <summary>Holds the process; none when there is no process.</summary>
    public int? Pidfd { get; set; }

    /// <summary>Where in its log this start begins.</summary>
    public long LogFrom { get; set; }

    /// <summary>How often this machine had run out of memory when it was started or met again.</summary>
    public long MemoryKillsBefore { get; set; }

    /// <summary>Ports that turned out to be another's, since it was last ready.</summary>
    public int PortsLost { get; set; }
    public bool LosesPort { get; set; }

    /// <summary>It was asked to end, and has until then; so have those whom it has started.</summary>
    public DateTimeOffset? EndsBy { get; set; }

    /// <summary>Why we end it though it is wanted.</summary>
    public string? Condemned { get; set; }

    /// <summary>What keeps it from being ready now, else what was wrong with it last.</summary>
    public string Why => Condemned
        ?? (this is { Lives: true, IsReady: false, Vitals.Why.Length: > 0 } ? Vitals.Why : Record.Why);

    public bool Lives => Pidfd is not null;
    public bool IsReady => Lives && Vitals.IsReady && !Record.IsLeaving && Condemned is null;
    public bool HasFailed => Record.Status == InstanceStatus.Failed && !IsReady;
    public bool IsDraining => Lives && Record.Status == InstanceStatus.Draining;
    public Member Member => new(Revision.Fleet, Record.Name, Prober.Host, Record.Port)
    {
        Version = Revision.Version,
        Draining = IsDraining,
    };

    public void Set(Func<InstanceRecord, InstanceRecord> change) => Record = change(Record);
}
