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
sealed class Ground : IDisposable
{
    readonly Alarms _alarms;

    public Ground(ProcessSettings settings)
    {
        Settings = settings;
        Data = Path.GetFullPath(settings.Data);
        Variables = new(settings.Variable);
        _alarms = new(settings.Time);
        Ports = new(settings.Time);
        Prober = new(settings.Time);
        Usage = new(settings.Time);
        Exits = new(Troubles);
    }

    public ProcessSettings Settings { get; }
    public string Data { get; }
    public string Logs => Path.Combine(Data, "logs");
    public TimeProvider Time => Settings.Time;
    public Variables Variables { get; }
    public PortBook Ports { get; }
    public Prober Prober { get; }
    public Exits Exits { get; }
    public ProcessUsage Usage { get; }
    public Troubles Troubles { get; } = new();
    public DateTimeOffset Now => Settings.Time.GetUtcNow();

    /// <summary>Calls it once, after at least so long.</summary>
    public void After(TimeSpan rest, string failed, Action act) =>
        _alarms.Set(rest, () => Troubles.Guard(failed, act));

    public void Dispose()
    {
        Exits.Dispose();
        _alarms.Dispose();
        Prober.Dispose();
    }
}
