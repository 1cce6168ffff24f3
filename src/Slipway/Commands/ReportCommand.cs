using System.CommandLine;
using System.Text.Json;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>How often changes ship, how soon, and how often they fail.</summary>
internal static class ReportCommand
{
    public static Command Create(Desk desk)
    {
        var since = new Option<string>("--since")
        {
            Description = "How far back; 30d when not given",
            HelpName = "TIME",
            DefaultValueFactory = _ => "30d",
        }.ATime();
        var output = SharedOptions.Output();
        return new Verb("report", "Show how often changes ship, how soon, and how often they fail",
            "slipway report --since 90d", "slipway report --output json") { since, output }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var report = await client.Report(parse.GetValue(since)!, cancel);
                if (parse.GetValue(output) == "json")
                    desk.Out.WriteLine(JsonSerializer.Serialize(report, StatusCommand.Readable.DeliveryReport));
                else desk.Print(DeliveryScreen.Lines(report, desk.Terminal.Width, desk.Terminal));
                return ExitCode.Done;
            });
    }
}
