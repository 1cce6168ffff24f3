using Slipway.Adapters.Commands;
using Slipway.Running;

namespace Slipway.Adapters.Processes;

/// <summary>What the processes of one machine stand on.</summary>
public sealed record ProcessSettings(string Data)
{
    /// <summary>Relative folders of a specification begin here.</summary>
    public string Root { get; init; } = Environment.CurrentDirectory;

    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Who passes requests on to the instances.</summary>
    public IMembers Members { get; init; } = new Unattended();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Shared by all fleets.</summary>
sealed class Ground(ProcessSettings settings) : IDisposable
{
    public ProcessSettings Settings => settings;
    public string Data { get; } = Path.GetFullPath(settings.Data);
    public TimeProvider Time => settings.Time;
    public Variables Variables { get; } = new(settings.Variable);
    public Alarms Alarms { get; } = new(settings.Time);
    public PortBook Ports { get; } = new(settings.Time);
    public Prober Prober { get; } = new(settings.Time);
    public Exits Exits { get; } = new();
    public DateTimeOffset Now => settings.Time.GetUtcNow();

    public void Dispose()
    {
        Exits.Dispose();
        Alarms.Dispose();
        Prober.Dispose();
    }
}
