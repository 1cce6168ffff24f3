using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Gateway.Life;
using Slipway.Gateway.Routing;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;

namespace Slipway.EndToEnd.Load;

/// <summary>
/// Fleets of one service that come and go: real processes behind a real gateway, which gets its orders over its own
/// socket. A process is killed as soon as its fleet's drain is acknowledged: whatever is under way then would be lost.
/// </summary>
sealed class Street : IAsyncDisposable
{
    public const string Service = "load";

    static readonly TimeSpan Within = TimeSpan.FromSeconds(4);

    readonly GatewayFolder _folder;
    readonly HttpClient _http;
    readonly List<(Member Member, Process Process)> _living = [];
    readonly SemaphoreSlim _telling = new(1);
    long _members, _tables;

    public Street(GatewayFolder folder)
    {
        _folder = folder;
        _http = new(new SocketsHttpHandler { ConnectCallback = Connect, PooledConnectionLifetime = TimeSpan.Zero });
    }

    public int Swaps { get; private set; }

    public Task Open(string listen) => Put($"/v1/sites/{Service}",
        new SiteOptions { Listen = listen, Hosts = [Service], VersionHeader = true });

    /// <summary>A fleet of one instance, ready and told of.</summary>
    public async Task<Fleet> Grow(int revision, string folder)
    {
        string[] command = [Released.App.Program, "--port", "0", "--version", $"r{revision}"];
        var process = Process.Start(new ProcessStartInfo("dotnet", command)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It has ended.");
        var port = int.Parse(said.Split(' ')[^1], CultureInfo.InvariantCulture);
        var fleet = new Fleet(revision);
        lock (_living) _living.Add((new(fleet, $"i{revision}", "127.0.0.1", port), process));
        await Tell();
        return fleet;
    }

    /// <summary>Acknowledged when no request obeys an older table any more.</summary>
    public async Task Route(RouteTable table)
    {
        await Put($"/v1/sites/{Service}/table", new TableOrder(table, ++_tables));
        Swaps++;
    }

    public async Task Drain(Fleet fleet)
    {
        while (!(await Post<DrainOrder, DrainAnswer>($"/v1/sites/{Service}/drain",
            new(fleet, null) { Within = Within })).Drained) { }

        List<(Member Member, Process Process)> gone;
        lock (_living) gone = [.. _living.Where(one => one.Member.Fleet == fleet)];
        foreach (var one in gone) End(one.Process);
        lock (_living) _living.RemoveAll(gone.Contains);
        await Tell();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (_, process) in _living) End(process);
        _http.Dispose();
        _telling.Dispose();
        return ValueTask.CompletedTask;
    }

    static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    async Task Tell()
    {
        await _telling.WaitAsync();
        try
        {
            Seq<Member> members;
            lock (_living) members = [.. _living.Select(one => one.Member)];
            await Put($"/v1/sites/{Service}/members", new MembersOrder(members, ++_members));
        }
        finally
        {
            _telling.Release();
        }
    }

    async Task Put<T>(string path, T order) => (await Send(HttpMethod.Put, path, order)).Dispose();

    async Task<TAnswer> Post<T, TAnswer>(string path, T order)
    {
        using var response = await Send(HttpMethod.Post, path, order);
        return (await response.Content.ReadFromJsonAsync<TAnswer>(JournalFormat.Options))!;
    }

    /// <summary>While one gateway takes another's place nobody answers for a moment; then it is asked again.</summary>
    async Task<HttpResponseMessage> Send<T>(HttpMethod method, string path, T order)
    {
        var until = Stopwatch.StartNew();
        while (true)
            try
            {
                using var request = new HttpRequestMessage(method, $"http://gateway{path}")
                {
                    Content = JsonContent.Create(order, options: JournalFormat.Options),
                };
                request.Headers.Authorization =
                    new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_folder.Secret)).Trim());
                var response = await _http.SendAsync(request);
                return response.IsSuccessStatusCode
                    ? response
                    : throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException) when (until.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Yield();
            }
    }

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.Control), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
