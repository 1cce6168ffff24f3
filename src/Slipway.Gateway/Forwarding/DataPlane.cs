using System.Net;
using Slipway.Gateway.Http;
using Slipway.Gateway.Http2;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;
using Slipway.Gateway.Transport;

namespace Slipway.Gateway.Forwarding;

/// <summary>Carries the traffic: a loop for each core, and the doors that requests come in by.</summary>
public sealed class DataPlane : IAsyncDisposable
{
    readonly Sites _sites;
    readonly WireLimits _limits;
    readonly Worker[] _workers;
    readonly ITimer _refresh;
    readonly Action<Exception> _faulted;
    readonly Descriptors _descriptors;
    int _short;
    volatile Open[] _open = [];

    sealed record Open(Door Door, Listener Listener, Certificates Certificates, Acceptor[] Acceptors);

    /// <param name="faulted">Told of errors of the gateway itself; each has ended one connection.</param>
    public DataPlane(Sites sites, WireLimits? limits = null, int? loops = null, Action<Exception>? faulted = null)
    {
        (_sites, _limits, _faulted) = (sites, limits ?? WireLimits.Default, faulted ?? (_ => { }));
        _descriptors = new(_limits);
        _workers = [.. Enumerable.Range(0, loops ?? Environment.ProcessorCount)
            .Select(number => new Worker(number, sites, _limits, _descriptors, _faulted))];
        foreach (var worker in _workers) worker.Loop.Start();
        sites.Changed += OnChanged;
        _refresh = sites.Time.CreateTimer(_ => Refresh(), null, _limits.CertificateCheck, _limits.CertificateCheck);
    }

    /// <summary>Told of certificates that cannot be read, and when they can again; and of what does not end.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    internal Func<string, Task<IPAddress[]>> Names
    {
        init
        {
            foreach (var worker in _workers) worker.Upstreams.Names = value;
        }
    }

    /// <summary>Descriptors that this process may have.</summary>
    public long DescriptorsMax => _descriptors.Max;

    /// <summary>So many clients at once; whoever comes then is turned away in words.</summary>
    public int ConnectionsMax => _descriptors.Clients;

    /// <summary>Connections of clients.</summary>
    public int Connections => _workers.Sum(worker => worker.Count);

    public IReadOnlyList<Tally> Tallies => [.. _workers.Select(worker => worker.Tally)];

    /// <summary>What is wrong with certificates, in words for people.</summary>
    public IReadOnlyList<string> Troubles => [.. _open.SelectMany(open => open.Certificates.Troubles)];

    public long Refused(Refusal refusal) => _workers.Sum(worker => worker.Tally.Of(refusal));

    public long Broken(Breach breach) => _workers.Sum(worker => worker.Tally.Of(breach));

    /// <summary>Returns the port, which the system chooses when it is 0.</summary>
    /// <exception cref="IOException">Nobody can listen there.</exception>
    public int Listen(Door door, IPEndPoint at) => Listen(door, Listener.Bind(at.Address, at.Port));

    /// <summary>On a descriptor that listens already, taken over from another process.</summary>
    public int Adopt(Door door, int descriptor) => Listen(door, new Listener(descriptor));

    /// <summary>The descriptors that are listened on, to be handed over.</summary>
    public IReadOnlyList<(string Listen, int Descriptor)> Listening =>
        [.. _open.Select(open => (open.Door.Listen, open.Listener.Fd))];

    /// <summary>
    /// Takes no more connections, ends the idle ones, and lets the others end with their request, by the deadline.
    /// </summary>
    public async Task DrainAsync(TimeSpan atMost, CancellationToken atOnce)
    {
        StopAccepting();
        var all = Task.WhenAll(_workers.Select(worker => Ask(worker, worker.Drain)));
        try
        {
            await all.WaitAsync(atMost, atOnce);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            foreach (var worker in _workers) worker.Loop.Post(worker.Cut);
            await EndAsync(all);
        }
    }

    /// <summary>What was cut off ends in a moment; what does not must not keep the process.</summary>
    async Task EndAsync(Task all)
    {
        try
        {
            await all.WaitAsync(_limits.CutTime);
        }
        catch (TimeoutException)
        {
            Tell($"{Connections} connections do not end though they were cut off: nobody waits for them any more");
        }
    }

    /// <summary>Another process may go on with the sockets: they are closed here, not shut down.</summary>
    public void StopAccepting()
    {
        foreach (var open in _open) StopListening(open.Door.Listen);
    }

    /// <summary>
    /// Nobody else comes in by this door. Whoever has goes on, and is told with his next answer to come anew.
    /// </summary>
    public void StopListening(string listen)
    {
        if (_open.FirstOrDefault(open => open.Door.Listen == listen) is not { } gone) return;
        _open = [.. _open.Where(open => open != gone)];
        Task.WaitAll(_workers.Zip(gone.Acceptors, (worker, acceptor) => Ask(worker, () =>
        {
            acceptor.End();
            if (gone.Door.IsEmpty) worker.Leave(gone.Door);
            return Task.CompletedTask;
        })));
        Native.Close(gone.Listener.Fd);
    }

    public async ValueTask DisposeAsync()
    {
        _sites.Changed -= OnChanged;
        await _refresh.DisposeAsync();
        await DrainAsync(TimeSpan.Zero, CancellationToken.None);
        foreach (var worker in _workers)
        {
            await Ask(worker, () =>
            {
                worker.Upstreams.DropAll();
                worker.Conduits.DropAll();
                worker.TurnedAway.CloseAll();
                return Task.CompletedTask;
            });
            worker.Loop.Dispose();
        }
    }

    int Listen(Door door, Listener listener)
    {
        var certificates = new Certificates(door, Tell);
        certificates.Refresh();
        var acceptors = _workers.Select(worker => new Acceptor(worker.Loop, listener, (fd, address) =>
            Accept(worker, fd, address.Span, door, certificates))
        {
            Paused = error => OnPaused(worker, error),
        }).ToArray();
        _open = [.. _open, new(door, listener, certificates, acceptors)];
        for (var i = 0; i < _workers.Length; i++) _workers[i].Loop.Post(acceptors[i].Begin);
        return listener.Port;
    }

    /// <summary>The loop with the fewest takes it, whichever has heard of it.</summary>
    void Accept(Worker here, int fd, ReadOnlySpan<byte> address, Door door, Certificates certificates)
    {
        var (least, sum) = (here, 0);
        foreach (var worker in _workers)
        {
            sum += worker.Count;
            if (worker.Count < least.Count) least = worker;
        }

        Native.SendAtOnce(fd);
        var secure = certificates.IsSecure;
        Volatile.Write(ref _short, 0);
        if (!_descriptors.AreThere) here.Upstreams.MakeRoom();
        if (sum >= ConnectionsMax || !_descriptors.AreThere || (secure && certificates.Default is null))
        {
            TurnAway(here, fd, secure);
            return;
        }

        least.Expect();
        var caller = new Caller(Address.From(RawAddress.BytesOf(address)), secure);
        if (least == here) Take();
        else least.Loop.Post(Take);

        void Take() => least.Take(secure
            ? new TlsWire(least.Loop, fd, certificates.Default!, _limits.Handshake)
            : new SocketWire(least.Loop, fd), door, caller);
    }

    /// <summary>Told once, until somebody could be taken again.</summary>
    void OnPaused(Worker worker, int error)
    {
        worker.Tally.OutOfDescriptors++;
        if (Interlocked.Exchange(ref _short, 1) == 0)
            _faulted(new IOException($"No connection could be taken ({Native.Message(error)}), tried again ten times a "
                + $"second: {Connections} connections are open, this process may have {DescriptorsMax} descriptors."));
    }

    /// <summary>In words where the client can read them.</summary>
    void TurnAway(Worker worker, int fd, bool secure)
    {
        worker.Tally.Full++;
        Span<byte> bytes = stackalloc byte[512];
        var pen = new Pen(bytes);
        OwnAnswer.Full.Write(ref pen, closes: true, toHead: false, _limits.RetryAfterSeconds);
        if (!secure) Native.Send(fd, bytes[..pen.Length]);
        Native.EndSending(fd);
        worker.TurnedAway.Take(fd);
    }

    /// <summary>What all loops have allocated since they began.</summary>
    internal async Task<long> AllocatedAsync()
    {
        var sum = 0L;
        foreach (var worker in _workers)
            await Ask(worker, () =>
            {
                sum += GC.GetAllocatedBytesForCurrentThread();
                return Task.CompletedTask;
            });
        return sum;
    }

    void Refresh()
    {
        foreach (var open in _open) open.Certificates.Refresh();
    }

    void OnChanged()
    {
        Refresh();
        foreach (var worker in _workers) worker.Loop.Post(worker.Wake);
    }

    static Task Ask(Worker worker, Func<Task> question)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Loop.Post(async () =>
        {
            try
            {
                await question();
                asked.SetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                asked.SetException(fault);
            }
        });
        return asked.Task;
    }
}
