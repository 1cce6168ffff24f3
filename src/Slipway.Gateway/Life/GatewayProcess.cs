using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Mirroring;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Life;

public sealed record GatewaySettings(string Folder)
{
    /// <summary>A file that each request gets a line in; none when null.</summary>
    public string? AccessLog { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what an operator should know, in a line each.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}

/// <summary>
/// A gateway as it runs: traffic, orders, and what it goes on with after a restart, all in one folder. Started anew
/// over one that runs, it takes its sockets over and lets it end its requests.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    readonly GatewayFolder _folder;
    readonly Secret _secret;
    readonly Sites _sites;
    readonly Orders _orders;
    readonly Shadows _shadows;
    readonly DataPlane _plane;
    readonly Doors _doors;
    readonly AccessLog? _log;
    readonly Action<string> _tell;
    readonly TimeProvider _time;
    readonly TaskCompletionSource _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _stop = new();
    Elder? _elder;
    Control.Control? _control, _heirsControl;
    Socket? _succession;

    GatewayProcess(GatewayFolder folder, GatewaySettings settings)
    {
        (_folder, _tell, _time) = (folder, settings.Tell, settings.Time);
        _secret = Secret.ReadOrCreate(folder.Secret);
        _sites = new(settings.Time, _secret.Bytes);
        _orders = new(_sites, new(folder.State));
        _log = settings.AccessLog is { } log ? new(_sites, log) { Tell = _tell } : null;
        _shadows = new(_sites);
        _plane = new(_sites, faulted: fault => _tell($"error of the gateway itself: {fault}"))
        {
            Tell = _tell,
        };
        _doors = new(_sites, _plane, settings.Time, _tell);
    }

    /// <summary>What it was ordered, and what it has counted.</summary>
    public Orders Orders => _orders;
    public GatewayStats Counted => new Counters(_sites).Read();

    /// <summary>Ends when another process has taken this one's place: then only what is under way is left.</summary>
    public Task Succeeded => _succeeded.Task;

    /// <summary>
    /// For what is under way when it ends: as long as the most patient of its services gives an instance that leaves.
    /// </summary>
    public TimeSpan DrainMax
    {
        get
        {
            var longest = _sites.All.Select(site => site.Options.Drain).Append(Limits.EndLeast).Max();
            return longest < Limits.EndMost ? longest : Limits.EndMost;
        }
    }

    /// <exception cref="IOException">A file of it cannot be used.</exception>
    public static async Task<GatewayProcess> Start(GatewaySettings settings, CancellationToken cancel)
    {
        if (new GatewayFolder(Path.GetFullPath(settings.Folder)).Problem is { } wrong) throw new IOException(wrong);
        var folder = new GatewayFolder(Made(settings.Folder));
        using var inherited = await Succession.Ask(folder, cancel);
        var gateway = new GatewayProcess(folder, settings);
        if (gateway._orders.Trouble is { } trouble) settings.Tell(trouble);
        if (gateway._plane.ConnectionsMax < WireLimits.Default.Connections)
            settings.Tell($"takes {gateway._plane.ConnectionsMax} connections at most, since it may have "
                + $"{gateway._plane.DescriptorsMax} descriptors: for more, raise the limit of open files (ulimit -Hn)");
        try
        {
            if (inherited?.Control is { } control)
            {
                gateway._elder = new(control, gateway._secret, settings.Time, gateway.DrainMax + Limits.ElderAnswer)
                {
                    Process = inherited.Process,
                    Tell = settings.Tell,
                };
                await gateway.CheckCertificates(inherited, gateway._elder, cancel);
            }

            foreach (var (listen, descriptor) in inherited?.Sockets ?? new Dictionary<string, int>())
                gateway._doors.Adopt(listen, descriptor);
            gateway._doors.Follow();
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
    /// <param name="atOnce">Nobody wants to wait for it any more.</param>
    public async Task Drain(CancellationToken atOnce)
    {
        var atMost = DrainMax;
        await Rest();
        _doors.Dispose();
        await _plane.DrainAsync(atMost, atOnce);
    }

    public async ValueTask DisposeAsync()
    {
        _doors.Dispose();
        await _stop.CancelAsync();
        await Rest();
        await _plane.DisposeAsync();
        if (_heirsControl is { } heirs) await heirs.DisposeAsync();
        _elder?.Dispose();
        await _shadows.DisposeAsync();
        if (_log is not null) await _log.DisposeAsync();
        _stop.Dispose();
    }

    static string Made(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"{folder} is a file: name the folder that the gateway's files are to lie in.");
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder} cannot be the folder of a gateway: {e.Message.TrimEnd('.')}. "
                + "Name a folder that this user may write to.", e);
        }
    }

    /// <summary>A file that was broken meanwhile turns nobody away as long as the one before goes on.</summary>
    /// <exception cref="IOException">This one would turn users away whom the one before serves.</exception>
    async Task CheckCertificates(Inheritance inherited, Elder elder, CancellationToken cancel)
    {
        var problems = (from site in _sites.All
                        where site.Options is { Listen: not null, Certificate: not null }
                        let options = site.Options
                        let problem = CertificateFiles.Problem(
                            options.Certificate!, options.Key ?? options.Certificate!)
                        where problem is not null
                        select (Service: site.Name, problem.What)).ToList();
        if (problems.Count == 0) return;
        var there = await elder.Troubles(cancel) ?? [];
        if (problems.FirstOrDefault(one => !there.Any(other => other.Service == one.Service && !other.IsServed))
            is not { Service: { } service, What: var what }) return;
        foreach (var descriptor in inherited.Sockets.Values) Native.Close(descriptor);
        throw new IOException($"The gateway that runs here serves '{service}' with a certificate that this one cannot "
            + $"read: {what}. The other one goes on; mend the file, then start this one again.");
    }

    async Task TakeOrders(CancellationToken cancel)
    {
        _control = await Control.Control.Start(
            _sites, _orders, _secret, new(_folder.Control) { Elder = _elder }, cancel);
        if (File.Exists(_folder.Succession)) File.Delete(_folder.Succession);
        _succession = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _succession.Bind(new UnixDomainSocketEndPoint(_folder.Succession));
        File.SetUnixFileMode(_folder.Succession, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _succession.Listen();
        _ = AwaitSuccessor(_succession);
    }

    async Task AwaitSuccessor(Socket door)
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                using var visitor = await door.AcceptAsync(_stop.Token);
                if (!await Succession.IsHeir(visitor, _doors.Sockets, _stop.Token)) continue;
                await LeaveTo(visitor);
                return;
            }
            catch (IOException)
            {
                // Nothing was asked for, and nothing has changed.
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    async Task LeaveTo(Socket heir)
    {
        try
        {
            await Succession.Give(heir, _doors.Sockets, LeaveToHeir, _stop.Token);
            _succeeded.TrySetResult();
        }
        catch (IOException e)
        {
            _tell(e.Message);
            if (!await TakeOrdersAgain())
            {
                _tell("another gateway takes the orders here: this one leaves its place to it");
                _succeeded.TrySetResult();
                return;
            }

            _orders.KeepAgain();
            _log?.KeepAgain();
            if (Interlocked.Exchange(ref _heirsControl, null) is { } heirs) await heirs.DisposeAsync();
            _tell("nobody has taken its place: it takes orders again");
        }
    }

    /// <summary>
    /// Whoever has come halfway may hold our doors until he has gone: without them nobody could order. False when it is
    /// another gateway that holds them, and goes on to: two would obey different orders at the same addresses.
    /// </summary>
    async Task<bool> TakeOrdersAgain()
    {
        using var other = new Elder(_folder.Control, _secret, _time, Limits.ElderSilence);
        DateTimeOffset? there = null;
        for (var told = false; ; await Task.Delay(Limits.DoorsAgain, _time, _stop.Token))
            try
            {
                await TakeOrders(_stop.Token);
                return true;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                await Rest();
                if (!told) _tell($"it cannot take orders again yet, which is tried on: {e.Message}");
                told = true;
                there = await other.Answers(_stop.Token) ? there ?? _time.GetUtcNow() : null;
                if (_time.GetUtcNow() - there > Limits.ElderSilence) return false;
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
        // Its door is there before ours goes: so whoever looks sees that a place is taken, and not that it is empty.
        var path = _folder.ForHeir();
        _heirsControl = await Control.Control.Start(
            _sites, _orders, _secret, new(path) { Elder = _elder }, _stop.Token);
        await Rest();
        _orders.LeaveToHeir();
        _log?.LeaveToHeir();
        return path;
    }
}
