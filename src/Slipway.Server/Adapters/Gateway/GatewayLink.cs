using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Slipway.Gateway.Control;
using Slipway.Releases;
using Slipway.Running;

namespace Slipway.Adapters.Gateway;

/// <summary>Where a gateway takes orders, and the file with its secret.</summary>
public sealed record GatewayPlace(string Name, ControlAddress Control, string SecretFile);

/// <summary>
/// Speaks to one gateway. The secret is read when it is needed and again when it was refused, since the gateway creates
/// it at its first start.
/// </summary>
sealed class GatewayLink(GatewayPlace place) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectTimeout = Limits.Connect,
        PooledConnectionIdleTimeout = Limits.KeepConnection,
        ConnectCallback = (context, cancel) => Connect(place, context, cancel),
    })
    {
        BaseAddress = new($"http://127.0.0.1:{place.Control.Port}"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    volatile string? _secret;

    public string Name => place.Name;

    public async Task<T> Get<T>(string path, CancellationToken cancel)
        where T : class
    {
        using var response = await Send(HttpMethod.Get, path, null, cancel);
        return await Read<T>(response, cancel);
    }

    /// <exception cref="OutdatedException">Something newer was accepted before.</exception>
    public async Task Put<T>(string path, T order, CancellationToken cancel)
    {
        using var response = await Send(HttpMethod.Put, path, Body(order), cancel);
    }

    public async Task<TAnswer> Post<T, TAnswer>(string path, T order, CancellationToken cancel)
        where TAnswer : class
    {
        using var response = await Send(HttpMethod.Post, path, Body(order), cancel);
        return await Read<TAnswer>(response, cancel);
    }

    public async Task Delete(string path, CancellationToken cancel)
    {
        using var response = await Send(HttpMethod.Delete, path, null, cancel);
    }

    public void Dispose() => _http.Dispose();

    static Func<HttpContent> Body<T>(T order) => () => JsonContent.Create(order, options: JournalFormat.Options);

    async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, Func<HttpContent>? body, CancellationToken cancel)
    {
        for (var again = false; ; again = true)
        {
            var secret = _secret ??= Secret.Read(place.SecretFile).Text;
            using var request = new HttpRequestMessage(method, path) { Content = body?.Invoke() };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            var response = await _http.SendAsync(request, cancel);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                if (response.StatusCode != HttpStatusCode.Unauthorized || again)
                    throw await Refused(response, path, cancel);
                _secret = null;
            }
        }
    }

    async Task<Exception> Refused(HttpResponseMessage response, string path, CancellationToken cancel)
    {
        var refusal = await Read<Refusal>(response, cancel);
        return refusal.Accepted is { } accepted
            ? new OutdatedException($"{path} of gateway '{place.Name}'", 0, accepted)
            : new GatewayException($"The gateway '{place.Name}' has refused {path}: {refusal.Error}");
    }

    static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancel)
        where T : class
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<T>(JournalFormat.Options, cancel))!;
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new GatewayException($"{response.RequestMessage?.RequestUri} has answered "
                + $"{(int)response.StatusCode} and no JSON: is it a gateway of this version? ({e.Message})");
        }
    }

    static async ValueTask<Stream> Connect(
        GatewayPlace place, SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = place.Control.Socket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(place.Control.Socket is { } path
                ? new UnixDomainSocketEndPoint(path)
                : context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A gateway that does not do what it was asked, and why.</summary>
public sealed class GatewayException(string message) : Exception(message);
