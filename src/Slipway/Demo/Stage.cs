using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Slipway.Client;
using Slipway.Commands;

namespace Slipway.Demo;

/// <summary>
/// A control plane with its gateway and the builds of the shop, in a folder of their own on ports that were free. Its
/// end is the end of everything that it has started.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Service = "shop";
    public const int Replicas = 2;

    public const string Canary = "canary: { steps: [10, 25, 50, 100], every: 4s, minRequests: 50 }";
    public const string BlueGreen = "blueGreen: { validate: { traffic: 10%, for: 4s, minRequests: 50 }, every: 1s }";

    const string Yaml = """
        service: shop
        environment: demo
        runtime:
          process:
            command: ["{program}", "{shop}", --urls, "http://127.0.0.1:{port}"]
            directory: builds/{version}
            stop: { grace: 5s }
        replicas: {replicas}
        keepOld: 10m
        health:
          startup:   { http: /startup, every: 200ms, timeout: 200ms, failures: 300 }
          readiness: { http: /ready, every: 500ms, timeout: 500ms, failures: 5 }
          liveness:  { http: /health, every: 2s, timeout: 2s, failures: 5 }
        traffic: { listen: "{listen}", drain: 5s, versionHeader: true }
        strategy:
          {strategy}
        gates:
          - { errorRate: { max: 1% } }
          - { compare: errorRate, worseBy: 0.5% }
        """;

    readonly string _folder;
    readonly string _listen;
    readonly ControlPlane _plane;
    readonly TimeProvider _time;

    Stage(string folder, string listen, ControlPlane plane, Desk desk)
    {
        (_folder, _listen, _plane, _time) = (folder, listen, plane, desk.Clock);
        Client = desk.Connect(new(plane.Url), null);
    }

    public SlipwayClient Client { get; }
    public string Plane => _plane.Url;
    public Uri Shop => new($"http://{_listen}/");

    /// <param name="harmless">The bad version is a good one.</param>
    public static async Task<Stage> Set(string folder, bool harmless, Desk desk, CancellationToken cancel)
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException(
                $"{Program} is missing: build Slipway from its source once more, ./slipway");
        foreach (var version in (string[])["1.0", "1.1", "1.2", "2.0"])
        {
            var build = Directory.CreateDirectory(Path.Combine(folder, "builds", version)).FullName;
            var like = harmless && version == "1.2" ? $"{version} like 1.1" : version;
            await File.WriteAllTextAsync(Path.Combine(build, "version"), like, cancel);
        }

        var free = Free(2);
        var plane = await ControlPlane.Start(new(Path.Combine(folder, "data"))
        {
            Listen = free[0],
            Program = UpCommand.Program(),
            Tell = line => desk.Tell(desk.Error, line),
            Time = desk.Clock,
        }, cancel);
        return new(folder, free[1], plane, desk);
    }

    public Task Register(string strategy, CancellationToken cancel)
    {
        var yaml = Yaml
            .Replace("{program}", Dotnet, StringComparison.Ordinal)
            .Replace("{shop}", Program, StringComparison.Ordinal)
            .Replace("{replicas}", $"{Replicas}", StringComparison.Ordinal)
            .Replace("{listen}", _listen, StringComparison.Ordinal)
            .Replace("{strategy}", strategy, StringComparison.Ordinal);
        return Client.Register(Service, new("slipway.yaml", yaml, _folder), cancel);
    }

    public async ValueTask DisposeAsync()
    {
        var pids = new HashSet<int>();
        try
        {
            await Remove(pids);
        }
        catch (Exception e) when (e is RefusedException or NoAnswerException or OperationCanceledException)
        {
            foreach (var pid in pids) Kill(pid);
        }
        finally
        {
            await _plane.EndGateway();
            await _plane.DisposeAsync();
            Client.Dispose();
        }
    }

    /// <summary>In the way that a person would; ends when no instance is left.</summary>
    async Task Remove(HashSet<int> pids)
    {
        using var late = new CancellationTokenSource(Limits.EndMax, _time);
        for (var asked = false; ; asked = true)
        {
            var known = (await Client.Services(late.Token)).FirstOrDefault(one => one.Name == Service);
            if (known is null) return;
            var instances = (await Client.Service(Service, late.Token)).Instances;
            pids.Clear();
            pids.UnionWith(instances.Where(one => one.Pid is not null).Select(one => one.Pid!.Value));
            if (asked && pids.Count == 0 && known.Release is null) return;
            if (!asked) await Client.Remove(Service, late.Token);
            await Task.Delay(Limits.Look, _time, late.Token);
        }
    }

    static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended before.
        }
    }

    /// <summary>The shop stands beside this program.</summary>
    static string Program => Path.Combine(AppContext.BaseDirectory, "shop", "Shop.dll");

    static string Dotnet => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? Environment.ProcessPath!
        : "dotnet";

    /// <summary>All at once, so that no two are the same.</summary>
    static string[] Free(int count)
    {
        var all = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in all) listener.Start();
        string[] free = [.. all.Select(listener => listener.LocalEndpoint.ToString()!)];
        foreach (var listener in all) listener.Dispose();
        return free;
    }
}
