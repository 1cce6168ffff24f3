using Slipway.Health;
using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Adapters.Processes;

/// <summary>
/// All that has to outlive us about a fleet, in one file: the order that was accepted with its fence, and which
/// process is
/// which instance.
/// </summary>
sealed record FleetRecord(string Service, Revision Revision, int Size, long Since)
{
    public TimeSpan MinReady { get; init; }

    /// <summary>Ends that nobody asked for, of all its instances.</summary>
    public int Restarts { get; init; }

    /// <summary>Those among them for want of memory.</summary>
    public int OutOfMemory { get; init; }
    public int NextNumber { get; init; } = 1;
    public Seq<InstanceRecord> Instances { get; init; } = [];
}

/// <param name="Process">None before it was started, and between a crash and the next start.</param>
sealed record InstanceRecord(int Number, string Name)
{
    public InstanceStatus Status { get; init; }
    public int Port { get; init; }
    public ProcessIdentity? Process { get; init; }
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>It was ready once, in whichever of its lives.</summary>
    public bool WasReady { get; init; }

    /// <summary>Ends in a row that nobody asked for.</summary>
    public int Crashes { get; init; }
    public string Why { get; init; } = "";

    public static string NameOf(string service, Fleet fleet, int number) => $"{service}-{fleet}-{number}";

    public static bool IsOf(string name, string service, Fleet? fleet) =>
        name.StartsWith($"{service}-{fleet}-", StringComparison.Ordinal);

    public bool IsLeaving => Status is InstanceStatus.Draining or InstanceStatus.Stopping;
}
