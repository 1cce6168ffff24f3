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
        var log = new Option<string?>("--access-log")
        {
            Description = "A file that each request gets a line of JSON in; kept up to 600 MB",
            HelpName = "FILE",
        };
        return new Verb("gateway", "Carry the traffic; takes the place of a gateway that runs on the same folder",
            "slipway gateway", "slipway gateway --data /var/lib/slipway/gateway")
        {
            data, log,
        }
            .EndingWithin(Timeout.InfiniteTimeSpan) // as long as its services give it, or until it is asked again
            .Does(desk, (parse, desk, cancel) => Run(new(Path.Combine(desk.Folder, parse.GetValue(data)!))
            {
                AccessLog = parse.GetValue(log) is { } file ? Path.Combine(desk.Folder, file) : null,
                Time = desk.Clock,
                Tell = line => desk.Tell(desk.Out, line),
            }, desk, cancel));
    }

    static async Task<int> Run(GatewaySettings settings, Desk desk, CancellationToken cancel)
    {
        var tell = settings.Tell;
        try
        {
            using var end = new End();
            await using var gateway = await GatewayProcess.Start(settings, cancel);
            tell($"takes orders in {settings.Folder}");
            await Task.WhenAny(end.Asked, gateway.Succeeded);
            var why = gateway.Succeeded.IsCompleted ? "another process has taken its place, it" : "it";
            tell($"{why} ends what is under way, for {gateway.DrainMax.TotalSeconds:0} s at most");
            await gateway.Drain(end.AskedAgain);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return desk.Refuse("the gateway was ended before it took orders");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateFormatException)
        {
            return desk.Refuse(e.Message);
        }
    }

    /// <summary>Ctrl-C or a SIGTERM. Whoever asks a second time does not want to wait for requests.</summary>
    sealed class End : IDisposable
    {
        readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenSource _again = new();
        readonly PosixSignalRegistration _term, _interrupt;

        public End()
        {
            _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear);
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear);
        }

        public Task Asked => _asked.Task;
        public CancellationToken AskedAgain => _again.Token;

        public void Dispose()
        {
            _term.Dispose();
            _interrupt.Dispose();
            _again.Dispose();
        }

        void Hear(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (!_asked.TrySetResult()) _again.Cancel();
        }
    }
}
