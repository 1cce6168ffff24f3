using System.CommandLine;
using System.Globalization;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>What instances have said, and say.</summary>
internal static class LogsCommand
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        var version = new Option<string>("--version") { Description = "Only of this version", HelpName = "VERSION" };
        var tail = new Option<string>("--tail")
        {
            Description = "How many lines of each instance to begin with; 20 when not given",
            HelpName = "LINES",
            DefaultValueFactory = _ => "20",
        }.ACount();
        var all = new Option<bool>("--all") { Description = "Also of instances that are gone" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Stay, and show what is said" };
        return new Verb("logs", "Show what instances say", "slipway logs shop --version 1.4.3", "slipway logs -f")
            { service, version, tail, all, follow }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var asked = new LogsRequest(parse.GetValue(version),
                    int.Parse(parse.GetValue(tail)!, CultureInfo.InvariantCulture), parse.GetValue(all));
                var known = new Dictionary<string, long>(StringComparer.Ordinal);
                var code = await Remote.UntilEnough(async () =>
                {
                    foreach (var log in await client.Logs(name, asked, known, cancel))
                    {
                        Show(log, desk);
                        known[log.Instance] = log.Next;
                    }

                    if (!parse.GetValue(follow)) return false;
                    await Task.Delay(Every, desk.Clock, cancel);
                    return true;
                }, cancel);
                return known.Count > 0 || parse.GetValue(follow) ? code : desk.Refuse(
                    $"nothing has been said by {name}{Of(asked.Version)}", $"See what there is: slipway status {name}");
            });
    }

    static string Of(string? version) => version is null ? "" : $" {version}";

    static void Show(LogReport log, Desk desk)
    {
        foreach (var line in log.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            desk.Out.WriteLine($"{desk.Terminal.Muted(log.Instance + " |")} "
                // A program that reads gets what was said; a terminal would do it.
                + (desk.Around.OutputRedirected ? line : Foreign.Line(line)));
    }
}
