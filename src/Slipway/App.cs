using System.CommandLine;
using Slipway.Commands;

namespace Slipway;

/// <summary>The program: its commands, in the order of its help.</summary>
internal static class App
{
    const int BrokenPipe = 32;

    static readonly Func<Desk, Command>[] Commands =
    [
        DemoCommand.Create,
        InitCommand.Create,
        UpCommand.Create,
        ApplyCommand.Create,
        DeployCommand.Create,
        StatusCommand.Create,
        HistoryCommand.Create,
        ReportCommand.Create,
        ShowCommand.Create,
        LogsCommand.Create,
        ReleaseCommands.Undo,
        ReleaseCommands.Abort,
        ReleaseCommands.Promote,
        ReleaseCommands.Pause,
        ReleaseCommands.Resume,
        ReleaseCommands.Hold,
        ApproveCommand.Create,
        ReleaseCommands.Reject,
        ReleaseCommands.Restart,
        ReleaseCommands.Remove,
        NotifyCommand.Create,
        GatewayCommand.Create,
        ValidateCommand.Create,
        PlanCommand.Create,
        SchemaFileCommand.Create,
        CompletionCommand.Create,
        VersionCommand.Create,
    ];

    public static int Run(string[] args, Desk desk)
    {
        var root = new RootCommand("Slipway ships code, flags and schema changes as one reversible release.");
        root.Options.Add(SharedOptions.Colour);
        foreach (var create in Commands) root.Subcommands.Add(create(desk));
        root.SetAction(_ =>
        {
            desk.Out.Write(StartScreen.Text);
            return ExitCode.Done;
        });
        try
        {
            // A habit from elsewhere that is worth obeying.
            return CommandLine.Run(root, args is ["--version"] ? ["version"] : args, desk);
        }
        catch (IOException gone) when (gone.HResult == BrokenPipe)
        {
            return ExitCode.NobodyReads;
        }
        catch (Exception fault) when (desk.Around.Variable("SLIPWAY_DEBUG") != "1")
        {
            desk.Refuse(fault.Message, "This should not have happened. SLIPWAY_DEBUG=1 shows where.");
            return ExitCode.Failed;
        }
    }
}
