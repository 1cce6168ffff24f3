using Slipway.Health;
using Slipway.Routing;

namespace Slipway.Adapters.Processes;

/// <summary>An instance as people see it.</summary>
public sealed record InstanceView(Fleet Fleet, string Name, int? Pid, int Port)
{
    public InstanceStatus Status { get; init; }
    public InstanceHealth Health { get; init; }
    public int Crashes { get; init; }

    /// <summary>When its process began; none when there is no process.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>None before it was measured.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What each probe was told last, and how often in a row.</summary>
    public Seq<ProbeState> Probes { get; init; } = [];

    /// <summary>What it needs, as it says itself.</summary>
    public Seq<Dependency> Dependencies { get; init; } = [];

    /// <summary>What is wrong with it, or was last.</summary>
    public string Why { get; init; } = "";
}
