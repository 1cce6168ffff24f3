using System.Text.RegularExpressions;
using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>From a specification to what the system is asked to start, everything filled in.</summary>
sealed partial record Launch(Seq<string> Line, string Directory, Seq<Setting> Environment, string Log)
{
    static readonly ProbeSpec Connects = new(new ProbeWay.Tcp()) { Every = TimeSpan.FromMilliseconds(500) };

    /// <summary>Whether its port means something to it: one that has no use for it never listens.</summary>
    public required bool Listens { get; init; }

    public required HealthSpec Health { get; init; }

    /// <summary>A child of nobody: it is known again by this.</summary>
    public static string MarkerOf(Ground ground, string service, string instance) =>
        $"{MarkersOf(ground)}{service}/{instance}";

    public static string LogOf(Ground ground, string service, string instance) =>
        Path.Combine(ground.Logs, service, $"{instance}.log");

    /// <summary>What the markers of all instances of one control plane begin with.</summary>
    public static string MarkersOf(Ground ground) => $"{ground.Data}:";

    public static RuntimeSpec.Process SpecOf(Revision revision) => (RuntimeSpec.Process)revision.Spec.Runtime;

    /// <exception cref="MissingVariableException">The specification names a variable that is not there.</exception>
    public static Launch Of(Ground ground, FleetRecord fleet, InstanceRecord instance)
    {
        var (revision, process) = (fleet.Revision, SpecOf(fleet.Revision));
        var places = new Places(ground.Variables, revision, instance);
        var directory = Path.GetFullPath(places.Fill(process.Directory), ground.Settings.Root);
        if (!System.IO.Directory.Exists(directory))
            throw new DirectoryNotFoundException(
                $"The folder {directory} of version {revision.Version} does not exist.");

        places = places with { Directory = directory };
        var given = Given(revision, process, ground.Settings.Root).ToList();
        var listens = HasUseForPort(revision, given);
        var environment = ground.Variables.Basic();
        foreach (var (name, value) in given) environment[name] = places.Fill(value);
        environment["PORT"] = places.Port;
        environment["SLIPWAY_SERVICE"] = fleet.Service;
        environment["SLIPWAY_VERSION"] = revision.Version;
        environment[Session.Marker] = MarkerOf(ground, fleet.Service, instance.Name);
        return new(
            places.Fill(process.Command),
            directory,
            environment.Select(variable => new Setting(variable.Key, variable.Value)).ToSeq(),
            LogOf(ground, fleet.Service, instance.Name))
        {
            Listens = listens,
            Health = places.Fill(HealthOf(revision, listens)),
        };
    }

    /// <summary>For an instance that runs, whose surroundings can no longer be told.</summary>
    public static Launch Unknown(Revision revision)
    {
        var listens = HasUseForPort(revision, SpecOf(revision).Env);
        return new([], "/", [], "") { Listens = listens, Health = HealthOf(revision, listens) };
    }

    /// <summary>Nothing said about readiness: what has a port is ready when it listens there.</summary>
    static HealthSpec HealthOf(Revision revision, bool listens) =>
        listens && revision.Spec.Health.Readiness is null
            ? revision.Spec.Health with { Readiness = Connects }
            : revision.Spec.Health;

    /// <summary>
    /// Traffic is to come to it, or it is told the port: in its command, in its environment, or by a shell.
    /// </summary>
    static bool HasUseForPort(Revision revision, IEnumerable<Setting> given) =>
        revision.Spec.Traffic.Listen is not null
        || SpecOf(revision).Command.Concat(given.Select(setting => setting.Value)).Any(text => Port().IsMatch(text));

    /// <summary>Files first, then the specification, then what only a shadow has: the later ones win.</summary>
    static IEnumerable<Setting> Given(Revision revision, RuntimeSpec.Process process, string root) =>
    [
        .. process.EnvFiles.SelectMany(file => EnvFile.Read(Path.GetFullPath(file, root))),
        .. process.Env,
        .. revision is { Shadow: true, Spec.Strategy: StrategySpec.Shadow shadow } ? shadow.Env : [],
    ];

    [GeneratedRegex(@"\{port\}|\$PORT\b")]
    private static partial Regex Port();
}
