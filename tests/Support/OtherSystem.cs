using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Slipway.Support;

/// <summary>What a peer was asked.</summary>
public sealed record Heard(string Method, string Path, string Body)
{
    public string? Authorization { get; init; }
    public string? Signature { get; init; }

    /// <summary>The fields of a form.</summary>
    public string? Field(string name) => Body.Split('&').Select(pair => pair.Split('=', 2))
        .FirstOrDefault(pair => pair[0] == name) is [_, var value] ? WebUtility.UrlDecode(value) : null;
}

/// <summary>Another system: a real server that answers as a test says, and remembers what it was asked.</summary>
public sealed class OtherSystem : IAsyncDisposable
{
    readonly WebApplication _server;
    readonly ConcurrentQueue<Heard> _heard = new();
    readonly SemaphoreSlim _came = new(0);

    OtherSystem(WebApplication server) => _server = server;

    public string Url => _server.Urls.First();
    public string Host => new Uri(Url).Authority;
    public IReadOnlyList<Heard> Heard => [.. _heard];

    /// <summary>Status and body; null keeps whoever asks waiting until they give up.</summary>
    public Func<Heard, (int Status, string Body)?> Answer { get; set; } = _ => (200, "{}");

    public static async Task<OtherSystem> Start(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var peer = new OtherSystem(builder.Build());
        peer._server.Run(peer.Reply);
        await peer._server.StartAsync();
        return peer;
    }

    /// <summary>The next one that nobody has awaited yet.</summary>
    public async Task<Heard> Next()
    {
        (await _came.WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeTrue("nobody asked");
        return _heard.Last();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _came.Dispose();
    }

    async Task Reply(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var heard = new Heard(context.Request.Method, context.Request.GetEncodedPathAndQuery(),
            await reader.ReadToEndAsync())
        {
            Authorization = context.Request.Headers.Authorization,
            Signature = context.Request.Headers["Slipway-Signature"],
        };
        var answer = Answer(heard);
        _heard.Enqueue(heard);
        _came.Release();
        if (answer is not { } said)
        {
            var gone = new TaskCompletionSource();
            using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }

        context.Response.StatusCode = said.Status;
        await context.Response.WriteAsync(said.Body);
    }
}
