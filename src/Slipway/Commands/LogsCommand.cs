using System.CommandLine;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>What instances have said, and say.</summary>
internal static class LogsCommand
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        var version = new Option<string>("--version") { Description = "Only of this version", HelpName = "VERSION" };
        var tail = new Option<int>("--tail")
        {
            Description = "How many lines of each instance to begin with; 20 when not given",
            HelpName = "LINES",
            DefaultValueFactory = _ => 20,
        };
        var all = new Option<bool>("--all") { Description = "Also of instances that are gone" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Stay, and show what is said" };
        return new Verb("logs", "Show what instances say", "slipway logs shop --version 1.4.3", "slipway logs -f")
            { service, version, tail, all, follow }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var known = new Dictionary<string, long>(StringComparer.Ordinal);
                do
                {
                    var logs = await client.Logs(
                        name, new(parse.GetValue(version), Math.Max(0, parse.GetValue(tail)), parse.GetValue(all)),
                        known, cancel);
                    foreach (var log in logs)
                    {
                        Show(log, desk);
                        known[log.Instance] = log.Next;
                    }

                    if (logs.Count == 0 && !parse.GetValue(follow))
                        return desk.Refuse($"nothing has been said by {name}{Of(parse.GetValue(version))}",
                            $"See what there is: slipway status {name}");
                    if (parse.GetValue(follow)) await Task.Delay(Every, desk.Clock, cancel);
                }
                while (parse.GetValue(follow));

                return ExitCode.Done;
            });
    }

    static string Of(string? version) => version is null ? "" : $" {version}";

    static void Show(LogReport log, Desk desk)
    {
        foreach (var line in log.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            desk.Out.WriteLine($"{desk.Terminal.Muted(log.Instance + " |")} {line}");
    }
}
