using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Bench.Gateways;

/// <summary>
/// What a gateway in .NET is when it is built from what the framework has: Kestrel before, HttpClient behind, fields
/// copied from one to the other. YARP is made so.
/// </summary>
static class HttpClientWay
{
    public static async Task Serve(int clear, int secure, string certificate, Uri instance)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, clear);
            kestrel.Listen(IPAddress.Loopback, secure, door => door.UseHttps(
                System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(certificate)));
        });
        var app = builder.Build();
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        };
        using var http = new HttpMessageInvoker(handler);
        app.Run(context => Forward(context, http, instance));
        await app.RunAsync();
    }

    static async Task Forward(HttpContext context, HttpMessageInvoker http, Uri instance)
    {
        var asked = context.Request;
        using var request = new HttpRequestMessage(
            new(asked.Method), new Uri(instance, asked.Path.ToUriComponent() + asked.QueryString.ToUriComponent()));
        if (asked.ContentLength > 0) request.Content = new StreamContent(asked.Body);
        foreach (var (name, value) in asked.Headers)
            if (!IsHop(name) && !request.Headers.TryAddWithoutValidation(name, value.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, value.AsEnumerable());
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", asked.Scheme);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", asked.Host.Value);
        using var response = await http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!IsHop(name)) context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    static bool IsHop(string name) =>
        name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase);
}
