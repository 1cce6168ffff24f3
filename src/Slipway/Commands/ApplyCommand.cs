using System.CommandLine;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>
/// Makes a slipway.yaml what is wanted, without a release: a new service, or a change of a known one.
/// </summary>
internal static class ApplyCommand
{
    public static Command Create(Desk desk)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "The files; otherwise slipway.yaml of this folder",
            HelpName = "FILE...",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Verb("apply", "Make a slipway.yaml what is wanted, without a release",
            "slipway apply", "slipway apply services/*.yaml") { files }
            .Asks(desk, (parse, desk, client, cancel) => Run(parse.GetValue(files) ?? [], desk, client, cancel));
    }

    static async Task<int> Run(string[] files, Desk desk, SlipwayClient client, CancellationToken cancel)
    {
        if (ServiceFiles.All(files.Length == 0 ? ["slipway.yaml"] : files, desk) is not { } all) return ExitCode.Usage;
        foreach (var file in all)
            desk.Out.WriteLine($"{file.Service}: {(await file.Register(client, desk, cancel)).Text}");
        return ExitCode.Done;
    }
}
