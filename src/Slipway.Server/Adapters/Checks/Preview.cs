using Slipway.Releases;
using Slipway.Routing;

namespace Slipway.Adapters.Checks;

/// <summary>
/// Asks a fleet where users come in, by the header that leads to its preview: whatever stands between a user and an
/// instance is checked as well.
/// </summary>
sealed class Preview : IDisposable
{
    public const string Header = "Slipway-Preview";

    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // It is our own gateway, at an address of this machine; its certificate is made out to the users' host.
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = Limits.BodyMax,
    };

    /// <summary>By its role: two revisions may have the same version.</summary>
    public static string RoleOf(Service service, Fleet fleet) => fleet == service.Stable ? "stable" : "candidate";

    /// <summary>Where users come in; null when they come in another way.</summary>
    public static string? UrlOf(Service service) => service.Spec?.Traffic is { Listen: { } listen, Tls: var tls }
        ? $"http{(tls is null ? "" : "s")}://{listen}"
        : null;

    /// <summary>With the whole body.</summary>
    public async Task<HttpResponseMessage> Get(
        Service service, Fleet fleet, string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{UrlOf(service)}{path}"));
        request.Headers.Add(Header, RoleOf(service, fleet));
        if (service.Spec!.Traffic.Hosts is [var host, ..]) request.Headers.Host = host;
        return await _http.SendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();
}
