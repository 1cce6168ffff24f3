using System.CommandLine;
using System.Text.Json;
using Slipway.Client;
using Slipway.Screens;

namespace Slipway.Commands;

/// <summary>What runs, and what waits for somebody.</summary>
internal static class StatusCommand
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    public static Command Create(Desk desk)
    {
        var service = Remote.Service();
        service.Description = "The service; all of them when left out";
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay, and show what changes" };
        var output = SharedOptions.Output();
        return new Verb("status", "Show what runs, and what waits for you",
            "slipway status", "slipway status shop --watch") { service, watch, output }
            .Asks(desk, async (parse, desk, client, cancel) =>
            {
                var name = parse.GetValue(service);
                if (parse.GetValue(output) == "json") return await Json(name, desk, client, cancel);
                if (!parse.GetValue(watch) || !desk.Terminal.Live)
                {
                    desk.Print(await Lines(name, desk, desk.Terminal.Width, client, cancel));
                    return ExitCode.Done;
                }

                using var screen = new LiveScreen(desk.Out, desk.Around.Size);
                var (lines, silence) = (await Lines(name, desk, screen.Width, client, cancel), "");
                return await Remote.UntilEnough(async () =>
                {
                    screen.Paint(silence.Length == 0 ? lines : [.. lines, "", silence]);
                    await Task.Delay(Every, desk.Clock, cancel);
                    try
                    {
                        (lines, silence) = (await Lines(name, desk, screen.Width, client, cancel), "");
                    }
                    catch (NoAnswerException e)
                    {
                        // A control plane that is started anew is back in a moment; what it keeps goes on without it.
                        silence = $"This was before: {e.Message}";
                    }

                    return true;
                }, cancel);
            });
    }

    static async Task<string[]> Lines(
        string? name, Desk desk, int width, SlipwayClient client, CancellationToken cancel)
    {
        if (name is null)
        {
            var services = await client.Services(cancel);
            return StatusScreen.Lines(services, desk.Clock.GetUtcNow(), width, desk.Terminal);
        }

        var report = await client.Service(name, cancel);
        var now = desk.Clock.GetUtcNow();
        var lines = ServiceScreen.Lines(report, now, width, desk.Terminal);
        return report.Release is { } release
            ? [.. ReleaseScreen.Lines(release, now, width, desk.Terminal), "", .. lines]
            : lines;
    }

    static async Task<int> Json(string? name, Desk desk, SlipwayClient client, CancellationToken cancel)
    {
        desk.Out.WriteLine(name is null
            ? JsonSerializer.Serialize(await client.Services(cancel), Readable.IReadOnlyListServiceReport)
            : JsonSerializer.Serialize(await client.Service(name, cancel), Readable.ServiceReport));
        return ExitCode.Done;
    }

    /// <summary>The contracts as the API writes them, with line breaks.</summary>
    public static readonly ContractsJson Readable = new(new(ContractsJson.Default.Options) { WriteIndented = true });
}
