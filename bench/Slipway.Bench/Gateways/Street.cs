using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Adapters.Gateway;
using Slipway.Gateway.Life;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Bench.Gateways;

/// <summary>An instance and all who carry requests to it, each on ports of its own, side by side for one run.</summary>
sealed class Street : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly List<Peer> _peers = [];
    readonly List<IAsyncDisposable> _orders = [];
    readonly int _instance = FreePort.Next();

    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
    public IReadOnlyList<Peer> Peers => [.. _peers.Skip(1)];

    public static async Task<Street> Build()
    {
        var street = new Street();
        try
        {
            street.Lay();
            await street.Start("instance", "nginx", ["-c", street.Config("instance.nginx.conf", 0, 0)], 0, 0);
            // The instance again, as one that nobody stands in front of.
            street._peers.Add(new("direct", null, street._instance, 0));
            var (clear, secure) = (FreePort.Next(), FreePort.Next());
            await street.Start("nginx", "nginx", ["-c", street.Config("nginx.conf", clear, secure)], clear, secure);
            (clear, secure) = (FreePort.Next(), FreePort.Next());
            await street.Start("haproxy", "haproxy", ["-f", street.Config("haproxy.cfg", clear, secure)],
                clear, secure);
            (clear, secure) = (FreePort.Next(), FreePort.Next());
            await street.Start("HttpClient", Environment.ProcessPath!, ["http-client-way", $"{clear}", $"{secure}",
                Path.Combine(street.Folder, "both.pem"), $"http://127.0.0.1:{street._instance}"], clear, secure);
            await street.OpenSlipway();
            return street;
        }
        catch
        {
            await street.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var order in _orders) await order.DisposeAsync();
        foreach (var peer in _peers) peer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    void Lay()
    {
        // The workers of a server may be other users.
        File.SetUnixFileMode(Folder, (UnixFileMode)Convert.ToInt32("755", 8));
        var files = Directory.CreateDirectory(Path.Combine(Folder, "files")).FullName;
        File.WriteAllBytes(Path.Combine(files, "16k"), RandomNumberGenerator.GetBytes(16 * 1024));
        File.WriteAllBytes(Path.Combine(files, "1m"), RandomNumberGenerator.GetBytes(1024 * 1024));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(Folder, "both.pem"),
            $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    string Config(string name, int clear, int secure)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Gateways", name))
            .Replace("@folder@", Folder, StringComparison.Ordinal)
            .Replace("@instance@", $"{_instance}", StringComparison.Ordinal)
            .Replace("@clear@", $"{clear}", StringComparison.Ordinal)
            .Replace("@secure@", $"{secure}", StringComparison.Ordinal);
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The real program with the settings that <c>slipway up</c> gives it, ordered as it orders.</summary>
    async Task OpenSlipway()
    {
        var (clear, secure) = (FreePort.Next(), FreePort.Next());
        var data = Path.Combine(Folder, "gateway");
        Launch("slipway", "dotnet", [Program, "gateway", "--data", data], clear, secure);
        var folder = new GatewayFolder(data);
        await Until("the gateway", () => File.Exists(folder.Control));
        var gateways = new Adapters.Gateway.Gateways([new("gateway", new(folder.Control), folder.Secret)]);
        var sites = new GatewaySites(gateways, TimeProvider.System);
        var members = new GatewayMembers(gateways, TimeProvider.System);
        _orders.AddRange([sites, members]);
        var pem = Path.Combine(Folder, "both.pem");
        foreach (var (service, port, tls) in ((string, int, TlsSpec?)[])
            [("clear", clear, null), ("secure", secure, new TlsSpec(pem, pem))])
        {
            await sites.Open(new ServiceSpec
            {
                Service = service,
                Runtime = new RuntimeSpec.Process(["./shop"]),
                Traffic = new TrafficSpec { Listen = $"127.0.0.1:{port}", Tls = tls },
            });
            var (stable, candidate) = (new Fleet(1), new Fleet(2));
            members.Tell(service, [
                new Member(stable, "stable-1", "127.0.0.1", _instance),
                new Member(candidate, "candidate-1", "127.0.0.1", _instance)]);
            var table = new RouteTable(Target.Between(stable, candidate, Share.Percent(5)))
            {
                Affinity = new AffinitySpec(AffinityKey.Cookie, "slipway"),
                Salt = "bench",
            };
            await new GatewayRouter(gateways).Apply(new(service, table, 1), CancellationToken.None);
            await Until(service, () => Answers(port));
        }
    }

    async Task Start(string name, string program, string[] words, int clear, int secure)
    {
        Launch(name, program, words, clear, secure);
        var port = clear == 0 ? _instance : clear;
        await Until(name, () => Answers(port));
    }

    void Launch(string name, string program, string[] words, int clear, int secure)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = Folder };
        start.Environment["DOTNET_TieredPGO"] = "1"; // as for the gateway that `up` starts
        _peers.Add(new(name, Process.Start(start), clear, secure));
    }

    static async Task Until(string what, Func<bool> fact)
    {
        for (var began = Stopwatch.GetTimestamp(); !fact(); await Task.Delay(20))
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{what} has not come up.");
    }

    static bool Answers(int port)
    {
        try
        {
            using var socket = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Slipway", $"{here.Name}_linux-x64", "Slipway.dll");
        }
    }
}
