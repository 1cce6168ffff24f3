using System.CommandLine;
using System.Text.Json;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>One release: everything that happened, with its reasons.</summary>
internal static class ShowCommand
{
    public static Command Create(Desk desk)
    {
        var id = new Argument<string>("release")
        {
            Description = "Its number, when there is one service, or SERVICE-NUMBER",
            HelpName = "RELEASE",
        };
        var output = SharedOptions.Output();
        var draft = new Option<bool>("--post-mortem")
        {
            Description = "The draft of its post-mortem, as Markdown: of a release that had to be taken back",
        };
        return new Verb("show", "Show one release: what happened, and why", "slipway show 43",
            "slipway show shop-43 --post-mortem > post-mortem.md")
            { id, draft, output }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                if (await Whole(parse.GetValue(id)!, client, desk, cancel) is not { } whole) return ExitCode.Usage;
                if (parse.GetValue(draft))
                {
                    desk.Out.Write(await client.PostMortem(whole, cancel));
                    return ExitCode.Done;
                }

                var release = await client.Release(whole, cancel);
                var events = await client.Events(whole, cancel);
                if (parse.GetValue(output) == "json")
                    desk.Out.WriteLine(JsonSerializer.Serialize(release, StatusCommand.Readable.ReleaseReport));
                else
                    desk.Print(ShowScreen.Lines(
                        release, events, desk.Clock.GetUtcNow(), desk.Terminal.Width, desk.Terminal));
                return ExitCode.Done;
            });
    }

    static async Task<string?> Whole(string said, SlipwayClient client, Desk desk, CancellationToken cancel)
    {
        if (!int.TryParse(said, out var number)) return said;
        var names = (await client.Services(cancel)).Select(service => service.Name).ToList();
        if (names is [var only]) return $"{only}-{number}";
        if (names.Count == 0) desk.Refuse("there is no service yet", "To add one: slipway up slipway.yaml");
        else
            desk.Refuse($"there is more than one service that may have a release {number}",
                $"Name one of {string.Join(", ", names.Select(name => $"{name}-{number}"))}");
        return null;
    }
}
