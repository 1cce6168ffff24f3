using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Adapters.Postgres;
using Slipway.Client;
using Slipway.Running;

namespace Slipway.Commands;

/// <summary>Starts the control plane on this machine, with the services whose files are named.</summary>
internal static class UpCommand
{
    /// <summary>For a gateway that was begun, and is not needed after all.</summary>
    static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    public static Command Create(Desk desk)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "What to run; otherwise slipway.yaml of this folder, when there is one",
            HelpName = "FILE...",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var listen = new Option<string>("--listen")
        {
            Description = "Where the control plane is asked",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => "127.0.0.1:7400",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder of the journal, the logs and the gateway",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => ".slipway",
        };
        var store = new Option<string?>("--store")
        {
            Description = "A PostgreSQL database that several control planes share; otherwise the journal is in --data",
            HelpName = "URL",
        };
        var address = new Option<string?>("--address")
        {
            Description = "How people reach it, like https://slipway.example.com: for links; otherwise --listen",
            HelpName = "URL",
        };
        var log = new Option<string?>("--access-log")
        {
            Description = "A file that the gateway, when it is started here, writes each request to; "
                + "access.log in --data when no file is named",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb("up", "Start the control plane here; services go on without it",
            "slipway up", "slipway up services/*.yaml --data /var/lib/slipway",
            "slipway up --store 'postgres://slipway:${PASSWORD}@db.example.com/slipway'")
        { files, listen, data, store, address, log }
            .EndingWithin(EndMax)
            .Does(desk, (parse, desk, cancel) => Run(parse.GetValue(files) ?? [], new(
                parse.GetValue(listen)!, parse.GetValue(data)!, parse.GetValue(store))
            {
                Address = parse.GetValue(address),
                AccessLog = parse.GetResult(log) is null ? null
                    : parse.GetValue(log) ?? Path.Combine(parse.GetValue(data)!, "access.log"),
            }, desk, cancel));
    }

    sealed record Asked(string Listen, string Data, string? Store)
    {
        public string? Address { get; init; }
        public string? AccessLog { get; init; }
    }

    static async Task<int> Run(string[] files, Asked asked, Desk desk, CancellationToken cancel)
    {
        if (Token.Of(desk) is var token && token.Problem is { } secret) return desk.Refuse(secret, Token.Advice);
        if (Listening.Problem(asked.Listen, token.Value is not null) is { } address)
            return desk.Refuse(address.What, address.Advice);
        var folder = Path.GetFullPath(asked.Data, desk.Folder);
        // Services of a shared store are there already, whatever this folder holds.
        var hasRun = Directory.Exists(folder) || asked.Store is not null;
        if (Read(files, hasRun, desk) is not { } services) return ExitCode.Usage;
        var (gateway, plane) = (ControlPlane.GatewayFolderOf(folder), Listening.Parse(asked.Listen)?.Point);
        foreach (var file in services)
            if (file.Listen is { } wanted && Addresses.Problem(wanted, gateway, plane) is { } taken)
                return desk.Refuse(
                    taken.What, $"{file.Path} asks for it: traffic: {{ listen: {wanted} }}", taken.Advice);
        try
        {
            var settings = new ControlSettings(folder)
            {
                Listen = asked.Listen,
                Address = asked.Address,
                Store = asked.Store is { } store ? StoreUrl.Parse(store, desk.Around.Variable) : null,
                Token = token.Value,
                Program = Program(),
                AccessLog = asked.AccessLog is { } log ? Path.GetFullPath(log, desk.Folder) : null,
                Tell = line => desk.Tell(desk.Error, line),
            };
            while (await Live(settings, services, desk, cancel) is { } other)
            {
                settings.Tell($"this node was silent for too long: it stands by, {other.Url} keeps the services now");
                services = [];
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            desk.Refuse("it was ended before it was up");
            return ExitCode.Failed;
        }
        catch (NoAnswerException e)
        {
            desk.Refuse(e.Message, "It was started, and does not answer itself: what stands between them?");
            return ExitCode.NoAnswer;
        }
        catch (RefusedException e)
        {
            return desk.Refuse(e.Problem.Title, e.Problem.Advice is { } advice ? [advice] : []);
        }
        catch (Exception e) when (
            e is IOException or JournalException or UnauthorizedAccessException or FormatException)
        {
            return desk.Refuse(e.Message);
        }
    }

    /// <summary>One life of the control plane: until somebody ends it, or another node has taken its place.</summary>
    static async Task<StoreNode?> Live(
        ControlSettings settings, List<ReadyFile> services, Desk desk, CancellationToken cancel)
    {
        await using var plane = await ControlPlane.Start(settings, cancel);
        using var client = desk.Connect(plane.OwnUrl, settings.Token).As(desk.Around.Who, []);
        foreach (var file in services) await file.Register(client, desk, cancel);
        plane.HasBegun();

        desk.Out.WriteLine($"Slipway is up: {plane.Url}");
        if (settings.Store is { } store) desk.Out.WriteLine($"  on the store {store}");
        if (plane.Keeper is { } keeper)
            desk.Out.WriteLine($"  standing by: {keeper.Url} keeps the services, and this node when that one is gone");
        foreach (var service in await client.Services(cancel))
            desk.Out.WriteLine(service.Version is null
                ? $"  {service.Name}: never deployed. Its first: slipway deploy {service.Name} VERSION"
                : $"  {service.Name}: {service.Version}, {service.State}  {service.Url}");
        desk.Out.WriteLine("Ctrl-C ends the control plane; services and their gateway"
            + $"{(plane.GatewayPid is { } pid ? $" (pid {pid})" : "")} go on without it.");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = new FollowedFiles(services, desk, settings.Tell).Follow(client, over.Token);
        var end = Ended(cancel);
        var isOver = await Task.WhenAny(end, plane.Replaced) == end;
        await over.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return isOver ? null : await plane.Replaced;
    }

    /// <summary>Null when something is wrong with one of them, which has then been told.</summary>
    static List<ReadyFile>? Read(string[] files, bool hasRun, Desk desk) =>
        files.Length == 0 && hasRun && !File.Exists(Path.Combine(desk.Folder, "slipway.yaml"))
            ? []
            : ServiceFiles.All(files.Length == 0 ? ["slipway.yaml"] : files, desk);

    /// <summary>Until somebody ends it.</summary>
    static async Task Ended(CancellationToken cancel)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await Task.WhenAny(asked.Task, Task.Delay(Timeout.Infinite, cancel));

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.TrySetResult();
        }
    }

    /// <summary>How this program is started once more: its own file, unless that is what was started.</summary>
    internal static Seq<string> Program()
    {
        var own = Path.Combine(AppContext.BaseDirectory, "Slipway.dll");
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, own]
            : [Environment.ProcessPath!];
    }
}
