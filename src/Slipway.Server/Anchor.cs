using Slipway.Adapters.Sources;
using Slipway.Specification;

namespace Slipway;

/// <summary>
/// Relative paths of a slipway.yaml begin at the folder that it lies in, wherever the control plane was started.
/// </summary>
public static class Anchor
{
    public static ServiceSpec In(ServiceSpec spec, string folder)
    {
        string Whole(string path) => Path.GetFullPath(path, folder);

        // A word that is no path stays a word: it is looked for where programs are.
        Seq<string> Line(Seq<string> line) =>
            line.Count > 0 && (line[0].StartsWith("./", StringComparison.Ordinal)
                || line[0].StartsWith("../", StringComparison.Ordinal))
                ? line.Select((word, i) => i == 0 ? Whole(word) : word).ToSeq()
                : line;

        HookSpec Hook(HookSpec hook) => hook with { Run = Line(hook.Run), Undo = Line(hook.Undo) };

        CheckSpec Check(CheckSpec check) =>
            check is CheckSpec.Run run ? run with { Command = Line(run.Command) } : check;

        GateSpec Gate(GateSpec gate) => gate with
        {
            Rule = gate.Rule switch
            {
                GateRule.Limit { Source: { } source } limit => limit with { Source = Source(source) },
                GateRule.Compare { Source: { } source } compare => compare with { Source = Source(source) },
                var other => other,
            },
        };

        CustomMetric Source(CustomMetric source) => source.From != SourceNames.Command ? source
            : source with { Query = Text(source.Query), Of = source.Of is { } of ? Text(of) : null };

        // The rest of the line stays as it is written: it is taken apart when it is run.
        string Text(string line)
        {
            if (!line.StartsWith("./", StringComparison.Ordinal) && !line.StartsWith("../", StringComparison.Ordinal))
                return line;
            var end = line.IndexOf(' ') is > 0 and var blank ? blank : line.Length;
            return $"\"{Whole(line[..end]).Replace("\\", @"\\").Replace("\"", "\\\"")}\"{line[end..]}";
        }

        return spec with
        {
            Gates = spec.Gates.Select(Gate).ToSeq(),
            Runtime = spec.Runtime is RuntimeSpec.Process process
                ? process with
                {
                    Directory = Whole(process.Directory),
                    EnvFiles = process.EnvFiles.Select(Whole).ToSeq(),
                }
                : spec.Runtime,
            Traffic = spec.Traffic.Tls is { } tls
                ? spec.Traffic with { Tls = new(Whole(tls.Certificate), Whole(tls.Key)) }
                : spec.Traffic,
            Checks = spec.Checks with
            {
                Smoke = spec.Checks.Smoke.Select(Check).ToSeq(),
                BeforePromote = spec.Checks.BeforePromote.Select(Check).ToSeq(),
            },
            Hooks = spec.Hooks with
            {
                Before = spec.Hooks.Before.Select(Hook).ToSeq(),
                After = spec.Hooks.After.Select(Hook).ToSeq(),
            },
        };
    }
}
