using System.CommandLine;

namespace Slipway.Commands;

internal static class VersionCommand
{
    public static Command Create(Desk desk) =>
        new Verb("version", "Print the version of this program", "slipway version", "slipway version --output json")
            .Printing(desk);

    static Verb Printing(this Verb verb, Desk desk)
    {
        var output = SharedOptions.Output();
        verb.Options.Add(output);
        var version = typeof(VersionCommand).Assembly.GetName().Version!.ToString(3);
        return verb.Does(desk, (parse, desk) =>
        {
            var json = parse.GetValue(output) == "json";
            desk.Out.WriteLine(json ? $$"""{ "version": "{{version}}" }""" : $"slipway {version}");
            return ExitCode.Done;
        });
    }
}
