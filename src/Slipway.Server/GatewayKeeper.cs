using System.Net.Sockets;
using Slipway.Adapters.Commands;
using Slipway.Adapters.Processes;
using Slipway.Gateway.Life;

namespace Slipway;

/// <summary>
/// Keeps the gateway running: a process of its own that outlives us, found again by its socket, started anew when it is
/// gone. Meanwhile its listening sockets live on here, so that nobody who connects is refused.
/// </summary>
sealed class GatewayKeeper : IAsyncDisposable
{
    const int Kill = 9;

    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    static readonly TimeSpan TakeMax = TimeSpan.FromSeconds(20);
    static readonly TimeSpan ListenMax = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan EndMax = TimeSpan.FromSeconds(10);

    readonly GatewayFolder _folder;
    readonly Seq<string> _program;
    readonly TimeProvider _time;
    readonly Action<string> _tell;
    readonly CancellationTokenSource _stop = new();
    Task _keeping = Task.CompletedTask;

    /// <summary>Of whoever keeps the services alone: a node that stands by has nothing to hand over.</summary>
    SocketKeeper? _sockets;

    /// <summary>
    /// Of every process that we have started and that has not ended: beside the last one those that another has taken
    /// the place of, and those that are just dying.
    /// </summary>
    readonly List<int> _started = [];

    /// <summary>Since when another one has been about to take the place of the gateway.</summary>
    DateTimeOffset? _takenSince;

    /// <param name="program">How this program is started; the gateway's own words follow.</param>
    public GatewayKeeper(string folder, Seq<string> program, TimeProvider time, Action<string> tell)
    {
        _folder = new(Directory.CreateDirectory(folder).FullName);
        (_program, _time, _tell) = (program, time, tell);
    }

    /// <summary>Where a gateway that is started here writes each request; none, and it does not.</summary>
    public string? AccessLog { get; init; }

    /// <summary>Ends when it takes orders.</summary>
    public async Task Start(CancellationToken cancel)
    {
        if (!await Answers(_folder.Control, cancel)) await Launch(cancel);
        _sockets = new(_folder.Path);
        _keeping = Keep(_sockets);
    }

    /// <summary>What we have started ends with us: it finishes what is under way, within limits.</summary>
    public async Task End()
    {
        await _stop.CancelAsync();
        await _keeping;
        if (_sockets is not null) await _sockets.DisposeAsync(); // nobody is to wait for what does not come back
        foreach (var pidfd in _started) Native.Signal(pidfd, Signals.Of("SIGTERM"));
        for (var until = _time.GetUtcNow() + EndMax; _started.Count > 0; await Task.Delay(Look, _time))
        {
            Ended();
            if (_time.GetUtcNow() <= until) continue;
            foreach (var pidfd in _started) Native.Signal(pidfd, Kill);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        if (_sockets is not null) await _sockets.DisposeAsync();
        foreach (var pidfd in _started) Native.Close(pidfd);
        _stop.Dispose();
    }

    async Task Keep(SocketKeeper sockets)
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                await Task.Delay(Every, _time, _stop.Token);
                if (await Answers(_folder.Control, _stop.Token))
                {
                    _takenSince = null;
                    Ended(); // another one has taken its place, and only that one's end matters from now on
                    await sockets.Follow(_stop.Token);
                    continue;
                }

                var end = Ended();
                // One that takes another's place has no door for a moment.
                if (end is null) await Task.Delay(Every, _time, _stop.Token);
                // In this order: what is being taken may be there before the other question has been asked.
                if (await IsBeingTaken(_stop.Token) || await Answers(_folder.Control, _stop.Token)) continue;
                _tell($"the gateway is gone{(end is null ? "" : $" with {end}")}: it is started anew");
                await Launch(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _tell($"the gateway cannot be started: {e.Message}");
            }
    }

    async Task Launch(CancellationToken cancel)
    {
        var log = Path.Combine(_folder.Path, "gateway.log");
        var environment = new Variables(Environment.GetEnvironmentVariable).Basic();
        environment["DOTNET_TieredPGO"] = "1"; // it runs long, and every request is the same code
        string[] words = ["gateway", "--data", _folder.Path];
        if (AccessLog is { } file) words = [.. words, "--access-log", file];
        var pidfd = Native.Watch(Native.Spawn(
            _program.Concat(words).ToSeq(), _folder.Path,
            environment.Select(variable => $"{variable.Key}={variable.Value}"), log));
        _started.Add(pidfd);
        var until = _time.GetUtcNow() + StartMax;
        while (!await Answers(_folder.Control, cancel))
        {
            var isOver = Ended(pidfd) is not null;
            if (isOver || _time.GetUtcNow() > until)
            {
                if (!isOver) Native.Signal(pidfd, Kill); // it is not to come up beside the next one
                throw new IOException($"it does not take orders; the end of {log}: {LastOf(log)}");
            }

            await Task.Delay(Look, _time, cancel);
        }
    }

    /// <summary>
    /// Between two gateways there is none that takes orders, for as long as the new one needs. One that leaves its
    /// place takes its socket away, and has another for its heir, whose own is there a moment before it answers. One
    /// that is killed leaves an old socket behind.
    /// </summary>
    async Task<bool> IsBeingTaken(CancellationToken cancel)
    {
        foreach (var path in _folder.ForHeirs)
            if (await Answers(path, cancel))
                return File.Exists(_folder.Control)
                    ? (_time.GetUtcNow() - File.GetLastWriteTimeUtc(_folder.Control)).Duration() < ListenMax
                    : _time.GetUtcNow() - (_takenSince ??= _time.GetUtcNow()) < TakeMax;
        return false;
    }

    static async Task<bool> Answers(string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>How the last of our children has ended, if any has: told once.</summary>
    string? Ended()
    {
        string? last = null;
        foreach (var pidfd in _started.ToList()) last = Ended(pidfd) ?? last;
        return last;
    }

    string? Ended(int pidfd)
    {
        if (Native.Reap(pidfd) is not { } end) return null;
        Native.Close(pidfd);
        _started.Remove(pidfd);
        return end;
    }

    static string LastOf(string log) =>
        File.Exists(log) ? string.Join(" / ", File.ReadLines(log).TakeLast(3)) : "it has written nothing";
}
