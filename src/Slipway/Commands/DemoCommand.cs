using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Client;
using Slipway.Demo;
using Slipway.Running;
using Limits = Slipway.Demo.Limits;

namespace Slipway.Commands;

/// <summary>
/// Everything once, on this machine, in about a minute: a shop under load, a good release, a bad one, and back.
/// </summary>
internal static class DemoCommand
{
    public static Command Create(Desk desk)
    {
        var stay = new Option<bool>("--stay") { Description = "Leave it running to look at, until ctrl-C" };
        var data = new Option<string?>("--data")
        {
            Description = "A new folder for all that it writes, removed at its end; otherwise a temporary one",
            HelpName = "FOLDER",
        };
        var harmless = new Option<bool>("--harmless")
        {
            Description = "Make the bad version a good one: then nothing is caught, and the demo has to fail",
        };
        return new Verb("demo", "See a good release, a bad one and the way back, under load, in a minute",
            "slipway demo", "slipway demo --stay") { stay, data, harmless }
            .EndingWithin(Limits.EndMax + Limits.EndMax)
            .Does(desk, (parse, desk, cancel) => Run(
                parse.GetValue(data), parse.GetValue(harmless), parse.GetValue(stay), desk, cancel));
    }

    static async Task<int> Run(string? data, bool harmless, bool stays, Desk desk, CancellationToken cancel)
    {
        var folder = data is null ? null : Path.GetFullPath(data, desk.Folder);
        if (folder is not null && Path.Exists(folder))
            return desk.Refuse($"{data} exists already",
                "Name a folder that does not: the demo removes it at its end.");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // its terminal is closed: nobody looks any more, and nothing is to be left
            over.Cancel();
        });
        try
        {
            folder = folder is null
                ? Directory.CreateTempSubdirectory("slipway-demo-").FullName
                : Directory.CreateDirectory(folder).FullName;
            var ending = await Play(folder, harmless, stays, desk, over.Token);
            return ending.Claims.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            desk.Out.WriteLine("Ended early. Everything it started is stopped and removed.");
            return ExitCode.Failed;
        }
        catch (RefusedException e)
        {
            return desk.Refuse(e.Problem.Title, e.Problem.Advice is { } advice ? [advice] : []);
        }
        catch (Exception e) when (e is IOException or JournalException or UnauthorizedAccessException
            or NoAnswerException or TimeoutException)
        {
            desk.Refuse(e.Message);
            return ExitCode.Failed;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is started here is stopped before this ends, in whatever way it ends.</summary>
    static async Task<Ending> Play(
        string folder, bool harmless, bool stays, Desk desk, CancellationToken cancel)
    {
        Ending ending;
        await using (var stage = await Stage.Set(folder, harmless, desk, cancel))
        {
            await using var visitors = new Visitors(stage.Shop, desk.Clock);
            ending = await new Story(stage, visitors, desk).Play(cancel);
            if (stays)
            {
                foreach (var line in EndingScreen.Lines(ending, desk.Terminal)) desk.Out.WriteLine(line);
                desk.Out.WriteLine($"  The shop:      {stage.Shop}");
                desk.Out.WriteLine($"  Ask about it:  slipway status --url {stage.Plane}");
                desk.Out.WriteLine("  Ctrl-C ends it and leaves nothing behind.");
                await Ended(cancel);
            }
        }

        if (stays) desk.Out.WriteLine("Everything it started is stopped and removed.");
        else foreach (var line in EndingScreen.Lines(ending with { IsOver = true }, desk.Terminal))
            desk.Out.WriteLine(line);
        return ending;
    }

    static async Task Ended(CancellationToken cancel)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var end = cancel.Register(ended.SetResult);
        await ended.Task;
    }
}
