using System.CommandLine;
using System.Text.Json;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>What was released, newest first.</summary>
internal static class HistoryCommand
{
    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        var output = SharedOptions.Output();
        return new Verb("history", "Show what was released, newest first", "slipway history shop") { service, output }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = await Remote.ServiceOf(parse.GetValue(service), client, desk, cancel);
                if (name is null) return ExitCode.Usage;
                var all = await client.History(name, cancel);
                if (parse.GetValue(output) == "json")
                    desk.Out.WriteLine(JsonSerializer.Serialize(all, StatusCommand.Readable.IReadOnlyListPastReport));
                else
                    desk.Print(HistoryScreen.Lines(
                        name, all, desk.Clock.GetUtcNow(), desk.Terminal.Width, desk.Terminal));
                return ExitCode.Done;
            });
    }
}
