using System.Globalization;
using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Processes;

/// <summary>What a specification leaves open, and what it is for one instance.</summary>
sealed record Places(Variables Variables, Revision Revision, InstanceRecord Instance)
{
    public string Port => Instance.Port.ToString(CultureInfo.InvariantCulture);
    public string Directory { get; init; } = "";

    /// <exception cref="MissingVariableException">The text names a variable that is not there.</exception>
    public string Fill(string text) => Variables.Resolve(text)
        .Replace("{port}", Port, StringComparison.Ordinal)
        .Replace("{version}", Revision.Version, StringComparison.Ordinal)
        .Replace("{instance}", Instance.Name, StringComparison.Ordinal)
        .Replace("{directory}", Directory, StringComparison.Ordinal);

    public Seq<string> Fill(Seq<string> texts) => texts.Select(Fill).ToSeq();

    public HealthSpec Fill(HealthSpec health) => health with
    {
        Startup = Fill(health.Startup),
        Readiness = Fill(health.Readiness),
        Liveness = Fill(health.Liveness),
    };

    ProbeSpec? Fill(ProbeSpec? probe) =>
        probe?.Way is ProbeWay.Run run ? probe with { Way = new ProbeWay.Run(Fill(run.Command)) } : probe;
}
