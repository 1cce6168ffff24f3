using System.Globalization;
using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>From a specification to what the system is asked to start, everything filled in.</summary>
sealed record Launch(Seq<string> Line, string Directory, Seq<Setting> Environment, string Log)
{
    /// <summary>For an instance that runs, whose surroundings can no longer be told.</summary>
    public static readonly Launch Unknown = new([], "/", [], "");

    /// <summary>A child of nobody: it is known again by this.</summary>
    public static string MarkerOf(Ground ground, string service, string instance) =>
        $"{ground.Data}:{service}/{instance}";

    /// <exception cref="MissingVariableException">The specification names a variable that is not there.</exception>
    public static Launch Of(Ground ground, FleetRecord fleet, InstanceRecord instance)
    {
        var (revision, process) = (fleet.Revision, SpecOf(fleet.Revision));
        var directory = Path.GetFullPath(Fill(process.Directory, ""), ground.Settings.Root);
        if (!System.IO.Directory.Exists(directory))
            throw new DirectoryNotFoundException(
                $"The folder {directory} of version {revision.Version} does not exist.");

        var logs = System.IO.Directory.CreateDirectory(Path.Combine(ground.Data, "logs", fleet.Service));
        return new(
            process.Command.Select(part => Fill(part, directory)).ToSeq(),
            directory,
            Variables().Select(variable => new Setting(variable.Key, variable.Value)).ToSeq(),
            Path.Combine(logs.FullName, $"{instance.Name}.log"));

        string Fill(string text, string folder) => ground.Variables.Resolve(text)
            .Replace("{port}", instance.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{version}", revision.Version, StringComparison.Ordinal)
            .Replace("{instance}", instance.Name, StringComparison.Ordinal)
            .Replace("{directory}", folder, StringComparison.Ordinal);

        Dictionary<string, string> Variables()
        {
            var all = ground.Variables.Basic();
            foreach (var (name, value) in Given(revision, process, ground.Settings.Root)) all[name] =
                Fill(value, directory);
            all["PORT"] = instance.Port.ToString(CultureInfo.InvariantCulture);
            all["SLIPWAY_SERVICE"] = fleet.Service;
            all["SLIPWAY_VERSION"] = revision.Version;
            all[Session.Marker] = MarkerOf(ground, fleet.Service, instance.Name);
            return all;
        }
    }

    public static RuntimeSpec.Process SpecOf(Revision revision) => (RuntimeSpec.Process)revision.Spec.Runtime;

    /// <summary>Files first, then the specification, then what only a shadow has: the later ones win.</summary>
    static IEnumerable<Setting> Given(Revision revision, RuntimeSpec.Process process, string root) =>
    [
        .. process.EnvFiles.SelectMany(file => EnvFile(Path.GetFullPath(file, root))),
        .. process.Env,
        .. revision is { Shadow: true, Spec.Strategy: StrategySpec.Shadow shadow } ? shadow.Env : [],
    ];

    static IEnumerable<Setting> EnvFile(string path) =>
        from line in File.ReadLines(path)
        let text = line.Trim()
        where text.Length > 0 && text[0] != '#' && text.Contains('=', StringComparison.Ordinal)
        let parts = text.Split('=', 2)
        select new Setting(parts[0].Trim(), parts[1].Trim());
}
