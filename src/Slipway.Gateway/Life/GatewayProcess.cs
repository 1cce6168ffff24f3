using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Life;

/// <summary>
/// A gateway as it runs: traffic, orders, and what it goes on with after a restart, all in one folder. Started anew
/// over one that runs, it takes its sockets over and lets it end its requests.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    readonly GatewayFolder _folder;
    readonly Secret _secret;
    readonly Sites _sites;
    readonly Orders _orders;
    readonly Shadows _shadows;
    readonly DataPlane _plane;
    readonly Action<string> _tell;
    readonly Dictionary<string, int> _listening = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    readonly TaskCompletionSource _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stop = new();
    Elder? _elder;
    Control.Control? _control, _heirsControl;
    Socket? _succession;

    GatewayProcess(GatewayFolder folder, TimeProvider time, Action<string> tell)
    {
        (_folder, _tell) = (folder, tell);
        _secret = Secret.ReadOrCreate(folder.Secret);
        _sites = new(time, _secret.Bytes);
        _orders = new(_sites, new(folder.State));
        _shadows = new(_sites);
        _plane = new(_sites, faulted: fault => tell($"error of the gateway itself: {fault}"));
    }

    /// <summary>What it was ordered, and what it has counted.</summary>
    public Orders Orders => _orders;
    public GatewayStats Counted => new Counters(_sites).Read();

    /// <summary>Ends when another process has taken this one's place: then only what is under way is left.</summary>
    public Task Succeeded => _succeeded.Task;

    /// <param name="tell">Told what an operator should know, in a line each.</param>
    public static async Task<GatewayProcess> Start(
        string path, TimeProvider time, Action<string> tell, CancellationToken cancel)
    {
        var folder = new GatewayFolder(Directory.CreateDirectory(path).FullName);
        using var inherited = await Succession.Ask(folder, cancel);
        var gateway = new GatewayProcess(folder, time, tell);
        if (gateway._orders.Trouble is { } trouble) tell(trouble);
        if (gateway._plane.ConnectionsMax < WireLimits.Default.Connections)
            tell($"takes {gateway._plane.ConnectionsMax} connections at most, since it may have "
                + $"{gateway._plane.DescriptorsMax} descriptors: for more, raise the limit of open files (ulimit -Hn)");
        try
        {
            foreach (var (listen, descriptor) in inherited?.Sockets ?? new Dictionary<string, int>())
                gateway.Adopt(listen, descriptor);
            gateway.Listen();
            gateway._sites.DoorsChanged += gateway.Listen;
            if (inherited is not null)
                gateway._elder = new(inherited.Control, gateway._secret, time, DrainMax + Limits.ElderAnswer);
            await gateway.TakeOrders(cancel);
            if (inherited is not null) await Succession.SayReady(inherited.Predecessor, cancel);
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return gateway;
    }

    /// <summary>Takes no more connections, and ends when what is under way has ended, or the time is over.</summary>
    public async Task Drain()
    {
        await Rest();
        await _plane.DrainAsync(DrainMax);
    }

    public async ValueTask DisposeAsync()
    {
        _sites.DoorsChanged -= Listen;
        await _stop.CancelAsync();
        await Rest();
        await _plane.DisposeAsync();
        if (_heirsControl is { } heirs) await heirs.DisposeAsync();
        _elder?.Dispose();
        await _shadows.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Opens what services ask for. An address that cannot be had is told, and tried again with the next
    /// order.</summary>
    void Listen()
    {
        lock (_gate)
        {
            foreach (var door in _sites.Doors.Where(door => !_listening.ContainsKey(door.Listen)))
                try
                {
                    _listening[door.Listen] = _plane.Listen(door, PointOf(door.Listen));
                    _tell($"listening on {door.Listen}");
                }
                catch (Exception e) when (e is IOException or FormatException or SocketException)
                {
                    _tell($"cannot listen on {door.Listen}: {e.Message}");
                }
        }
    }

    void Adopt(string listen, int descriptor)
    {
        lock (_gate)
        {
            if (_sites.Doors.FirstOrDefault(door => door.Listen == listen) is not { } door)
            {
                Transport.Native.Close(descriptor);
                return;
            }

            _listening[listen] = _plane.Adopt(door, descriptor);
            _tell($"has taken over {listen}");
        }
    }

    async Task TakeOrders(CancellationToken cancel)
    {
        _control = await Control.Control.Start(
            _sites, _orders, _secret, new(_folder.Control) { Elder = _elder }, cancel);
        if (File.Exists(_folder.Succession)) File.Delete(_folder.Succession);
        _succession = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _succession.Bind(_folder.SuccessionPoint);
        File.SetUnixFileMode(_folder.Succession, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _succession.Listen();
        _ = AwaitSuccessor(_succession);
    }

    async Task AwaitSuccessor(Socket door)
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                using var heir = await door.AcceptAsync(_stop.Token);
                await Succession.Give(heir, Sockets(), LeaveToHeir, _stop.Token);
                _succeeded.TrySetResult();
                return;
            }
            catch (IOException e)
            {
                _tell(e.Message);
                _orders.KeepAgain();
                await TakeOrders(_stop.Token);
                if (Interlocked.Exchange(ref _heirsControl, null) is { } heirs) await heirs.DisposeAsync();
                _tell("nobody has taken its place: it takes orders again");
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    Dictionary<string, int> Sockets()
    {
        lock (_gate)
        {
            var byPort = _plane.Listening.ToDictionary(open => open.Port, open => open.Descriptor);
            return _listening.ToDictionary(open => open.Key, open => byPort[open.Value]);
        }
    }

    /// <summary>No orders any more; the files of our doors go, so that whoever comes next can have them.</summary>
    async Task Rest()
    {
        var (control, door) = (Interlocked.Exchange(ref _control, null), Interlocked.Exchange(ref _succession, null));
        if (control is not null) await control.DisposeAsync();
        door?.Dispose();
        if (door is not null && File.Exists(_folder.Succession)) File.Delete(_folder.Succession);
    }

    /// <summary>Only the next process of this gateway is told where it still listens.</summary>
    async Task<string> LeaveToHeir()
    {
        await Rest();
        _orders.LeaveToHeir();
        var path = _folder.ForHeir();
        _heirsControl = await Control.Control.Start(
            _sites, _orders, _secret, new(path) { Elder = _elder }, _stop.Token);
        return path;
    }

    static IPEndPoint PointOf(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var host = colon < 0 ? "" : listen[..colon].Trim('[', ']');
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "" => IPAddress.Any,
            _ => IPAddress.Parse(host),
        };
        return new(address, int.Parse(listen.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}
