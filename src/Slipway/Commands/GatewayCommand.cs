using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Gateway.Control;
using Slipway.Gateway.Life;

namespace Slipway.Commands;

/// <summary>
/// The data plane as a process of its own. `slipway up` starts it and keeps it; by hand it is started to carry traffic
/// elsewhere, or to take the place of one that runs.
/// </summary>
internal static class GatewayCommand
{
    public static Command Create(Desk desk)
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder of the gateway: its secret, its state, and the socket that it takes orders on",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine(".slipway", "gateway"),
        };
        return new Verb("gateway", "Carry the traffic; takes the place of a gateway that runs on the same folder",
            "slipway gateway", "slipway gateway --data /var/lib/slipway/gateway") { data }
            .Does(desk, (parse, desk, cancel) => Run(Path.Combine(desk.Folder, parse.GetValue(data)!), desk, cancel));
    }

    static async Task<int> Run(string folder, Desk desk, CancellationToken cancel)
    {
        try
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                asked.TrySetResult();
            });
            await using var gateway = await GatewayProcess.Start(folder, desk.Clock, Tell, cancel);
            Tell($"takes orders in {folder}");
            await Task.WhenAny(asked.Task, gateway.Succeeded, Task.Delay(Timeout.Infinite, cancel));
            Tell(gateway.Succeeded.IsCompleted ? "another process has taken its place" : "ends what is under way");
            await gateway.Drain();
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateFormatException)
        {
            return desk.Refuse(e.Message);
        }

        void Tell(string line) => desk.Out.WriteLine($"{desk.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} {line}");
    }
}
