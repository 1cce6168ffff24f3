using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Slipway.Releases;
using Slipway.Running;
using Limits = Slipway.Gateway.Routing.Limits;

namespace Slipway.Gateway.Control;

/// <summary>
/// The gateway whose place was taken, while it ends what is under way there. It is told every order too: a request that
/// it still gets obeys the table that holds now, and what it has under way counts in a drain.
/// </summary>
public sealed class Elder : IDisposable
{
    readonly HttpClient _http;
    readonly TimeProvider _time;
    readonly DateTimeOffset _until;
    readonly Lock _gate = new();
    volatile bool _gone;
    DateTimeOffset? _silentSince;
    bool _stopped;

    /// <param name="path">Of the socket that it takes orders on.</param>
    /// <param name="atMost">Then it has ended, whatever it says.</param>
    public Elder(string path, Secret secret, TimeProvider time, TimeSpan atMost)
    {
        (_time, _until) = (time, time.GetUtcNow() + atMost);
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new("http://elder"),
            Timeout = Limits.DrainAnswer + Limits.ElderAnswer,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret.Text);
    }

    /// <summary>Its number, for whoever has to look after it.</summary>
    public int Process { get; init; }
    public Action<string> Tell { get; init; } = _ => { };

    bool IsGone => _gone || _time.GetUtcNow() > _until;

    /// <exception cref="IOException">It lives, and has not obeyed: so the order does not hold yet.</exception>
    public async Task Pass<T>(string method, string path, T? order, CancellationToken cancel)
        where T : class
    {
        if (HasStopped())
        {
            _ = CatchUp(method, path, order);
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Limits.ElderAnswer);
        (await Ask(method, path, order, patience.Token, cancel))?.Dispose();
    }

    public async Task<DrainAnswer> Drain(string path, DrainOrder order, CancellationToken cancel)
    {
        if (HasStopped()) return new(true, 0);
        using var response = await Ask(HttpMethod.Post.Method, path, order, cancel, cancel);
        return response is null
            ? new(true, 0)
            : (await response.Content.ReadFromJsonAsync<DrainAnswer>(JournalFormat.Options, cancel))!;
    }

    /// <summary>It takes orders, and is not only a process that has the socket.</summary>
    public async Task<bool> Answers(CancellationToken cancel)
    {
        using var response = await State(cancel);
        return response is { IsSuccessStatusCode: true };
    }

    /// <summary>What its services lack; null when it does not say.</summary>
    public async Task<Seq<SiteTrouble>?> Troubles(CancellationToken cancel)
    {
        using var response = await State(cancel);
        if (response is not { IsSuccessStatusCode: true }) return null;
        return (await response.Content.ReadFromJsonAsync<GatewayState>(JournalFormat.Options, cancel))?.Troubles;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null when it does not answer.</summary>
    async Task<HttpResponseMessage?> State(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Limits.ElderAnswer);
        try
        {
            return await _http.GetAsync("/v1/state", patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Null when it has ended: nothing is under way there.</summary>
    /// <param name="caller">Who gives up by himself has not been kept waiting.</param>
    async Task<HttpResponseMessage?> Ask<T>(
        string method, string path, T? order, CancellationToken cancel, CancellationToken caller)
        where T : class
    {
        if (IsGone) return null;
        var began = _time.GetUtcNow();
        using var request = new HttpRequestMessage(new(method), path)
        {
            Content = order is null ? null : JsonContent.Create(order, options: JournalFormat.Options),
        };
        try
        {
            var response = await _http.SendAsync(request, cancel);
            Hear();
            if (response.IsSuccessStatusCode) return response;
            using (response)
                throw new IOException($"The gateway before, which still ends its requests, has refused {path}: "
                    + await response.Content.ReadAsStringAsync(cancel));
        }
        catch (HttpRequestException)
        {
            // Its socket goes with it.
            _gone = true;
            return null;
        }
        catch (OperationCanceledException) when (!IsGone)
        {
            if (!caller.IsCancellationRequested)
                lock (_gate) _silentSince ??= began;
            throw new IOException($"The gateway before, which still ends its requests, does not answer {path}.");
        }
    }

    /// <summary>
    /// A process that has stopped carries nothing on, and answers nobody: waiting for it would keep every order from
    /// being acknowledged, an abort too.
    /// </summary>
    bool HasStopped()
    {
        lock (_gate)
        {
            if (_silentSince is not { } since || _time.GetUtcNow() - since < Limits.ElderSilence) return false;
            if (_stopped) return true;
            _stopped = true;
        }

        Tell($"the gateway before, process {Process}, does not answer: orders hold without it from now on. If it was "
            + $"stopped, end it: kill -KILL {Process}");
        return true;
    }

    void Hear()
    {
        lock (_gate)
        {
            _silentSince = null;
            if (!_stopped) return;
            _stopped = false;
        }

        Tell("the gateway before answers again");
    }

    /// <summary>The order waits at its door, so that it is the first that it hears of if it ever goes on.</summary>
    async Task CatchUp<T>(string method, string path, T? order)
        where T : class
    {
        try
        {
            (await Ask(method, path, order, CancellationToken.None, CancellationToken.None))?.Dispose();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As before: it does not answer.
        }
    }
}
