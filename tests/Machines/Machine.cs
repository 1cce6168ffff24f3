using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Client;
using Slipway.Gateway.Life;
using Slipway.Support;

namespace Slipway.Machines;

/// <summary>
/// A folder with a slipway.yaml in which the program itself is run, as somebody would run it. Nothing is left of it.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    const string IsUp = "Ctrl-C ends";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly TemporaryFolder _folder = new();
    readonly List<Process> _started = [];
    readonly string _url = $"http://{FreePort.Address()}";

    /// <param name="versions">Each with what its build says beside: "1.1 --fail 50".</param>
    public Machine(params string[] versions) : this(
        Released.App.Where("every: 2s", "every: 4s"), versions) // time enough to kill something in the middle
    {
    }

    public Machine(Released released, params string[] versions)
    {
        Listen = FreePort.Address();
        foreach (var version in versions)
            released.Build(_folder.File($"builds/{version.Split(' ')[0]}"), version);
        File.WriteAllText(_folder.File("slipway.yaml"), released.At(Listen));
        Client = SlipwayClient.For(new(_url));
    }

    public string Listen { get; }
    public GatewayFolder Gateway => new(_folder.File(".slipway/gateway"));
    public string Url => _url;
    public SlipwayClient Client { get; }
    public string Folder => _folder.Path;

    /// <summary>What every program that is started here finds in its environment.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["LANG"] = "C.UTF-8",
    };

    /// <summary>Returns when it says that it is up.</summary>
    public async Task<Process> Up() => (await Up(_url)).Process;

    /// <summary>Returns with all that it has said when it says that it is up.</summary>
    public Task<(Process Process, string Said)> Up(string url, params string[] words) =>
        Said(IsUp, Start(["up", "--listen", url["http://".Length..], .. words]));

    /// <summary>What it says beside its work gets lost: it has no room to be written.</summary>
    public async Task<Process> UpUnheard() => (await Said(IsUp, Begin(
        "sh", "-c", "exec dotnet \"$@\" 2>/dev/full", "sh",
        Program, "up", "--listen", _url["http://".Length..]))).Process;

    /// <summary>With its own folder on a small disk that only it and what it starts can see.</summary>
    public async Task<Process> UpOnOwnDisk(string size)
    {
        const string mount = "mkdir -p .slipway && mount -t tmpfs -o size=$0 tmpfs .slipway && exec dotnet \"$@\"";
        return (await Said(IsUp, Begin(
            "unshare", "-rm", "sh", "-c", mount, size, Program, "up", "--listen", _url["http://".Length..]))).Process;
    }

    /// <summary>Kills the control plane that listens where this machine's does; returns when it is gone.</summary>
    public async Task KillControlPlane()
    {
        var pid = Ports.ListenerOf(new Uri(_url).Port);
        var up = _started.Single(process => process.Id == pid);
        up.Kill(); // and not what it has started
        await up.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>A gateway that takes the place of the one that runs; returns when it takes orders.</summary>
    /// <param name="descriptors">How many it may have.</param>
    public async Task<Process> Succeed(int? descriptors = null)
    {
        string[] command = ["dotnet", Program, "gateway", "--data", Gateway.Path];
        if (descriptors is { } most) command = ["sh", "-c", $"ulimit -n {most}; exec \"$@\"", "sh", .. command];
        return (await Said("takes orders", Begin(command[0], command[1..]))).Process;
    }

    /// <summary>A command to its end: its exit code, and all that it said.</summary>
    public async Task<(int Code, string Out, string Error)> Run(params string[] words)
    {
        using var process = Start(words);
        var (said, told) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await said, await told);
    }

    /// <summary>Awaits the moment when the service is so.</summary>
    public Task<ServiceReport> Until(string what, Func<ServiceReport, bool> fact) => Until(what, Client, fact);

    /// <summary>As one control plane says it, of several.</summary>
    public static async Task<ServiceReport> Until(string what, SlipwayClient asked, Func<ServiceReport, bool> fact)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        ServiceReport? last = null;
        while (true)
        {
            await tick.WaitForNextTickAsync(CancellationToken.None);
            try
            {
                last = await asked.Service("shop", patience.Token);
                if (fact(last)) return last;
            }
            catch (Exception e) when (e is NoAnswerException or OperationCanceledException)
            {
                // It may be on its way up, or it is over here.
            }

            if (patience.IsCancellationRequested) throw new TimeoutException($"{what} has not come: {last}");
        }
    }

    /// <summary>The gateway's number: the process that holds its socket.</summary>
    public int GatewayPid() => Processes("gateway").Single();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        foreach (var pid in Processes("gateway").Concat(Processes("--version")).Concat(Processes("--urls"))) Kill(pid);
        _folder.Dispose();
    }

    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended before.
        }
    }

    async Task<(Process Process, string Said)> Said(string until, Process process)
    {
        _started.Add(process);
        var said = new List<string?>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            said.Add(line);
            if (line.Contains(until, StringComparison.Ordinal)) return (process, string.Join('\n', said));
        }

        throw new InvalidOperationException(
            $"It did not come up: {string.Join('\n', said)} {await process.StandardError.ReadToEndAsync()}");
    }

    Process Start(params string[] words) => Begin("dotnet", [Program, .. words]);

    Process Begin(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLIPWAY_URL"] = _url;
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Ours only: what was started in this folder, with this word.</summary>
    public IEnumerable<int> Processes(string word)
    {
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!Regex.IsMatch(path, @"/\d+$")) continue;
            string words, folder;
            try
            {
                words = File.ReadAllText($"{path}/cmdline");
                folder = new FileInfo($"{path}/cwd").LinkTarget ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (folder.StartsWith(_folder.Path, StringComparison.Ordinal) && words.Split('\0').Contains(word))
                yield return int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    public static string Program => Built.File("Slipway", "Slipway.dll", system: true);
}
