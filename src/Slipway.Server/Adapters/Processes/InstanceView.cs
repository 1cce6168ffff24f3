using Slipway.Health;
using Slipway.Routing;

namespace Slipway.Adapters.Processes;

/// <summary>An instance as people see it.</summary>
public sealed record InstanceView(Fleet Fleet, string Name, int? Pid, int Port)
{
    public InstanceStatus Status { get; init; }
    public InstanceHealth Health { get; init; }
    public int Crashes { get; init; }

    /// <summary>What is wrong with it, or was last.</summary>
    public string Why { get; init; } = "";
}
