using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Telemetry;

namespace Slipway.Gateway.Mirroring;

/// <summary>
/// Sends copies of requests to shadow fleets, beside the loops and never in their way: what does not fit in the queue
/// is dropped and counted. A copy counts as under way to its fleet, so a drain waits for it.
/// </summary>
public sealed class Shadows : IAsyncDisposable
{
    const string Mark = "X-Shadow-Request";

    readonly ConcurrentDictionary<Site, ShadowStats> _stats = new();
    readonly Channel<ShadowCopy> _queue = Channel.CreateBounded<ShadowCopy>(Limits.ShadowQueue);
    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ConnectTimeout = Limits.ShadowTimeout,
        MaxConnectionsPerServer = Limits.ShadowWorkers,
    });

    readonly CancellationTokenSource _stop = new();
    readonly Lane _lane;
    readonly Lock _laneGate = new();
    readonly TimeProvider _time;
    readonly Task _workers;

    /// <summary>From now on the tables' mirrors are obeyed.</summary>
    public Shadows(Sites sites)
    {
        _time = sites.Time;
        _lane = sites.OpenLane();
        _workers = Task.WhenAll(Enumerable.Range(0, Limits.ShadowWorkers).Select(_ => Work()));
        sites.Mirror(this);
    }

    public Seq<ShadowRoute> Of(Site site) => _stats.TryGetValue(site, out var stats) ? stats.All : [];

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _workers;
        _http.Dispose();
        _stop.Dispose();
    }

    internal ShadowCopy? Offer(Site site, CompiledTable table, in Original original)
    {
        var (head, body) = (original.Head, original.CopyOfBody());
        var stats = _stats.GetOrAdd(site, _ => new());
        var to = table.Mirror!.To;
        var target = Encoding.Latin1.GetString(head.Path)
            + (head.Query.IsEmpty ? "" : "?" + Encoding.Latin1.GetString(head.Query));
        var copy = new ShadowCopy(stats, site, to, Encoding.ASCII.GetString(head.Method), target)
        {
            Host = head.TryGet("host"u8, out var host) ? Encoding.Latin1.GetString(host) : "",
            Body = body ?? [],
        };
        to.InFlight.Enter();
        if (body is not null && site.Table == table)
        {
            original.WriteFields(copy.Fields);
            if (_queue.Writer.TryWrite(copy)) return copy;
        }

        to.InFlight.Leave();
        stats.Dropped(copy.Route);
        return null;
    }

    async Task Work()
    {
        await foreach (var copy in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                if (!_stop.IsCancellationRequested) await Send(copy);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // One copy's fault must not end the others.
                copy.ShadowFailed();
            }
            finally
            {
                copy.To.InFlight.Leave();
            }
        }
    }

    async Task Send(ShadowCopy copy)
    {
        var instance = Pick(copy);
        if (instance is null)
        {
            copy.ShadowFailed();
            return;
        }

        var began = _time.GetTimestamp();
        using var expiry = new CancellationTokenSource(Limits.ShadowTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, _stop.Token);
        try
        {
            using var request = RequestOf(copy, instance);
            using var response = await _http.SendAsync(request, either.Token);
            var (digest, length) = await Digest(response, either.Token);
            var micros = (long)_time.GetElapsedTime(began).TotalMicroseconds;
            instance.Answered((int)response.StatusCode);
            Record(copy, new((int)response.StatusCode) { Microseconds = micros, BytesOut = length });
            copy.ShadowAnswered(new((int)response.StatusCode, micros, digest));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var late = expiry.IsCancellationRequested;
            if (!_stop.IsCancellationRequested) instance.Failed(late ? Failure.Timeout : Failure.Broken);
            Record(copy, new(0, late ? Ending.TimedOut : Ending.Broken));
            copy.ShadowFailed();
        }
        finally
        {
            instance.Done();
        }
    }

    /// <summary>The workers share one lane, one at a time.</summary>
    Instance? Pick(ShadowCopy copy)
    {
        lock (_laneGate)
        {
            _lane.Tick();
            return copy.To.Pick(null, null, pinned: false, _lane);
        }
    }

    void Record(ShadowCopy copy, Exchange exchange)
    {
        lock (_laneGate)
            _lane.Of(copy.Site).Of(copy.To)
                .Record(exchange with { Kind = ExchangeKind.Shadow }, RouteClasses.Other);
    }

    static HttpRequestMessage RequestOf(ShadowCopy copy, Instance instance)
    {
        var to = new Uri($"http://{HostOf(instance)}:{instance.Port}{copy.Target}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new(copy.Method), to);
        if (copy.Body.Length > 0) request.Content = new ByteArrayContent(copy.Body);
        foreach (var (name, value) in copy.Fields)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (copy.Host.Length > 0) request.Headers.TryAddWithoutValidation("Host", copy.Host);
        request.Headers.TryAddWithoutValidation(Mark, "true");
        return request;
    }

    static string HostOf(Instance instance) =>
        instance.Host.Contains(':', StringComparison.Ordinal) ? $"[{instance.Host}]" : instance.Host;

    static async Task<(ulong Digest, long Length)> Digest(HttpResponseMessage response, CancellationToken cancel)
    {
        var digest = new BodyDigest();
        var (buffer, total) = (ArrayPool<byte>.Shared.Rent(16 * 1024), 0L);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            while (await body.ReadAsync(buffer, cancel) is var read and > 0)
            {
                digest.Add(buffer.AsSpan(0, read));
                total += read;
                if (total > Limits.ShadowAnswer) throw new IOException("The shadow's answer is too long to compare.");
            }

            return (digest.Value, total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
