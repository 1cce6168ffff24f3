using System.CommandLine;
using Slipway.Routing;
using Slipway.ServiceFile;
using Slipway.Specification;

namespace Slipway.Commands;

/// <summary>Reads a slipway.yaml and tells everything that is wrong with it; changes nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create(Desk desk)
    {
        var path = new Argument<string>("file")
        {
            Description = "The file; otherwise slipway.yaml of this folder",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = SharedOptions.Output();
        return new Verb("validate", "Check a slipway.yaml; nothing is changed",
            "slipway validate", "slipway validate services/shop.yaml --output json") { path, output }
            .Does(desk, (parse, desk) =>
                Run(parse.GetValue(path) ?? "slipway.yaml", parse.GetValue(output) == "json", desk));
    }

    static int Run(string path, bool json, Desk desk)
    {
        if (ServiceFiles.Read(path, desk) is not { } read) return ExitCode.Usage;
        var file = read.SeenFrom(Path.GetDirectoryName(Path.GetFullPath(path, desk.Folder))!);
        if (json)
            desk.Out.WriteLine(ProblemsJson.List(file));
        else foreach (var line in Screen(file, desk.Terminal)) desk.Out.WriteLine(line);
        return file.Errors == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    static IEnumerable<string> Screen(SlipwayFile file, Terminal terminal)
    {
        if (file.Spec is not { } spec)
            return ProblemScreen.Lines(file, terminal).Append(ProblemScreen.Summary(file, terminal));
        return ProblemScreen.Lines(file, terminal)
            .Prepend("").Prepend($"{file.Path} is valid: {InShort(spec, terminal)}")
            .Append("To see what a deploy would do: slipway plan --to VERSION");
    }

    static string InShort(ServiceSpec spec, Terminal terminal)
    {
        var replicas = spec.Replicas == 1 ? "1 replica" : $"{spec.Replicas} replicas";
        var gates = spec.Gates.Count == 1 ? "1 gate" : $"{spec.Gates.Count} gates";
        return $"{spec.Service}, {replicas}, {InShort(spec.Strategy, terminal)}, {gates}";
    }

    static string InShort(StrategySpec strategy, Terminal terminal) => strategy switch
    {
        StrategySpec.Canary canary => $"canary {Shares(canary.Steps, terminal)} %",
        StrategySpec.Rolling rolling => $"rolling by {rolling.Batch}",
        StrategySpec.BlueGreen => "blue-green",
        StrategySpec.AbTest test => $"A/B test with {test.Treatment} treatment",
        StrategySpec.Shadow shadow => $"shadow of {shadow.Mirror}",
        StrategySpec.ByHand byHand => $"{byHand.Steps.Count} steps by hand",
        _ => "recreate",
    };

    static string Shares(Seq<Share> steps, Terminal terminal) =>
        string.Join($" {terminal.Arrow} ", steps.Select(step => $"{step.Basis / 100.0:0.##}"));
}
