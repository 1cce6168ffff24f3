using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Case = Slipway.Gateway.Http.Corpus.Case;

namespace Slipway.Gateway.Http.Fuzz;

/// <summary>
/// Another reader over a real socket. What we accept and it refuses could be a hole, so each kind of it has a reason.
/// </summary>
public sealed class KestrelTests : IAsyncLifetime
{
    /// <summary>What may be accepted here and not there, and why that is no harm.</summary>
    static readonly (string Why, Func<string, bool> Has)[] Explained =
    [
        ("bytes beyond ASCII in a value are opaque by RFC 9110 5.5", text => text.Any(c => c >= 0x80)),
        ("an empty port is legal by RFC 3986 3.2.3", text =>
            Regex.IsMatch(text, @"host:[^\n]*:[ \t]*\r", RegexOptions.IgnoreCase)),
        ("hosts are the same whatever their case, in the target and in the field", text =>
            text.Contains("://", StringComparison.Ordinal)),
        ("a POST of version 1.0 without a length has no body by RFC 9112 6.3", text =>
            text.Contains("HTTP/1.0", StringComparison.Ordinal)),
        ("it takes up to ten digits for the size of a chunk, we sixteen", text =>
            text.Contains("000000", StringComparison.Ordinal)),
        ("it takes targets of 8 KiB, we of 16", text => text.Length > 8_000),
    ];

    static readonly int Seed = Asked("SLIPWAY_FUZZ_SEED", 1);
    static readonly int Changes = Asked("SLIPWAY_FUZZ_CHANGES", 3_000);

    WebApplication _app = null!;
    int _port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBufferSize = null;
        });
        _app = builder.Build();
        _app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("ok");
        });
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_is_accepted_here_and_refused_there_is_explained()
    {
        // The same ones each time, unless somebody looks for more.
        var random = new Random(Seed);
        var changed = Enumerable.Range(0, Changes).Select(_ => AnyBytesTests.Changed(random)).ToList();
        var found = new List<string>();
        var all = Case.All.Select(one => one.Bytes).Concat(changed).Where(bytes => bytes.Length > 0);
        foreach (var batch in all.Chunk(50))
        {
            var outcomes = await Task.WhenAll(batch.Select(FirstStatus));
            foreach (var (bytes, there) in batch.Zip(outcomes))
            {
                var text = Encoding.Latin1.GetString(bytes);
                if (there >= 400 && Reading.Outcome(bytes)[0] == "accepted" && !Explained.Any(one => one.Has(text)))
                    found.Add($"{there}: {text[..Math.Min(300, text.Length)]}");
            }
        }

        found.ShouldBeEmpty();
    }

    static int Asked(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var asked) ? asked : otherwise;

    /// <summary>Of the first answer; 0 when there is none.</summary>
    async Task<int> FirstStatus(byte[] bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), patience.Token);
        try
        {
            await socket.SendAsync(bytes, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
            var answer = new byte[1024];
            var count = 0;
            while (count < 12 && await socket.ReceiveAsync(answer.AsMemory(count), patience.Token) is var read and > 0)
                count += read;
            // It answers the preface of HTTP/2 in the words of HTTP/2.
            return count < 12 || !answer.AsSpan().StartsWith("HTTP/1."u8)
                ? 0
                : int.Parse(Encoding.ASCII.GetString(answer, 9, 3));
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
