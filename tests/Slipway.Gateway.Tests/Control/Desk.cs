using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Slipway.Gateway.Routing;
using Slipway.Releases;
using Slipway.Support;

namespace Slipway.Gateway.Control;

/// <summary>A gateway's control with its files in a folder, and somebody who gives it orders.</summary>
sealed class Desk : IAsyncDisposable
{
    readonly HttpClient _http;

    Desk(Sites sites, Orders orders, Control control, Secret secret, string socket)
    {
        (Sites, Orders, Control) = (sites, orders, control);
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await unix.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(unix, ownsSocket: true);
            },
        })
        { BaseAddress = new("http://gateway") };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", secret.Text);
    }

    public Sites Sites { get; }
    public Orders Orders { get; }
    public Control Control { get; }

    public static async Task<Desk> Open(TemporaryFolder folder, string boot = "this boot")
    {
        var secret = Secret.ReadOrCreate(folder.File("gateway.secret"));
        var sites = new Sites(TimeProvider.System, secret.Bytes);
        var orders = new Orders(sites, new StateFolder(folder.File("sites"), () => boot));
        var socket = folder.File("gateway.sock");
        var control = await Control.Start(sites, orders, secret, new(socket), CancellationToken.None);
        return new(sites, orders, control, secret, socket);
    }

    public void Show(string? secret) =>
        _http.DefaultRequestHeaders.Authorization =
            secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);

    public async Task<HttpStatusCode> Put<T>(string path, T order)
    {
        using var response = await _http.PutAsJsonAsync(path, order, JournalFormat.Options);
        return response.StatusCode;
    }

    public Task<HttpResponseMessage> Send<T>(HttpMethod method, string path, T order) =>
        _http.SendAsync(new(method, path) { Content = JsonContent.Create(order, options: JournalFormat.Options) });

    /// <summary>Exactly this text, also when it is no order.</summary>
    public Task<HttpResponseMessage> SendText(HttpMethod method, string path, string text) =>
        _http.SendAsync(new(method, path) { Content = new StringContent(text) });

    public async Task<T> Get<T>(string path) => (await _http.GetFromJsonAsync<T>(path, JournalFormat.Options))!;

    public Task<string> Text(string path) => _http.GetStringAsync(path);

    public async Task<HttpStatusCode> Status(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> Delete(string path)
    {
        using var response = await _http.DeleteAsync(path);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        _http.Dispose();
    }
}
