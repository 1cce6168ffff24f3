using System.Net;
using System.Security.Cryptography;
using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Http;
using Slipway.Gateway.Routing;
using Slipway.Specification;
using Slipway.Support;

namespace Slipway.Gateway.Http2;

/// <summary>A client that is not ours, over real sockets.</summary>
public sealed class ClientTests : IDisposable
{
    static readonly SiteOptions Clear = new() { Http2 = Http2Use.Always };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_request_becomes_one_of_http_1_1_and_its_answer_comes_back()
    {
        await using var rig = new Rig(options: Clear);
        using var client = Client();
        var answer = client.SendAsync(Request(rig, HttpMethod.Get, "/shop?id=7"));
        using var instance = await rig.Backend.Accept();
        var head = await instance.Head();
        head.ShouldStartWith("GET /shop?id=7 HTTP/1.1\r\n");
        head.ShouldContain($"\r\nX-Forwarded-Host: 127.0.0.1:{rig.Port}\r\n");
        head.ShouldNotContain("chunked");
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Y: z\r\nConnection: keep-alive\r\n\r\nok");
        using var response = await answer;
        response.Version.ShouldBe(HttpVersion.Version20);
        response.Headers.GetValues("x-y").ShouldBe(["z"]);
        response.Headers.Connection.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldBe("ok");
        rig.Plane.Tallies.Sum(tally => tally.Streams).ShouldBe(1);
    }

    [Fact]
    public async Task Over_tls_the_client_chooses_http_2_when_it_knows_it()
    {
        var path = Certificate.Write(_folder.Path, "localhost");
        await using var rig = new Rig(options: new() { Certificate = path, Key = path });
        using var client = Client();
        var answer = client.SendAsync(Request(rig, HttpMethod.Get, "/", "https"));
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nX-Forwarded-Proto: https\r\n");
        await instance.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        (await (await answer).Content.ReadAsStringAsync()).ShouldBe("ok");
    }

    [Fact]
    public async Task A_body_that_is_all_there_has_a_length()
    {
        await using var rig = new Rig(options: Clear);
        using var client = Client();
        var request = Request(rig, HttpMethod.Post, "/");
        request.Content = new StringContent("hello");
        var answer = client.SendAsync(request);
        using var instance = await rig.Backend.Accept();
        (await instance.Head()).ShouldContain("\r\nContent-Length: 5\r\n");
        (await instance.Exactly(5)).ShouldBe("hello");
        await instance.Send("HTTP/1.1 204 No Content\r\n\r\n");
        (await answer).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_come_through_unchanged_both_ways(bool tls)
    {
        const int size = 100_000_000;
        var path = Certificate.Write(_folder.Path, "localhost");
        await using var rig = new Rig(options: tls ? new() { Certificate = path, Key = path } : Clear);
        var body = new byte[size];
        new Random(7).NextBytes(body);
        var digest = SHA256.HashData(body);
        var instance = TakeAndSend(rig.Backend, body, digest);
        using var client = Client();
        var request = Request(rig, HttpMethod.Post, "/", tls ? "https" : "http");
        request.Content = new ByteArrayContent(body);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        (await SHA256.HashDataAsync(await response.Content.ReadAsStreamAsync())).ShouldBe(digest);
        await instance;
    }

    [Fact]
    public async Task Many_streams_run_side_by_side_on_one_connection()
    {
        const int requests = 2_000;
        await using var rig = new Rig(options: Clear);
        using var stop = new CancellationTokenSource();
        var instance = Serve(rig.Backend, stop.Token);
        using var client = Client();
        var answers = Enumerable.Range(0, requests).Select(async i =>
        {
            using var response = await client.SendAsync(Request(rig, HttpMethod.Get, $"/{i}"));
            return await response.Content.ReadAsStringAsync();
        });
        (await Task.WhenAll(answers)).ShouldBe(Enumerable.Range(0, requests).Select(i => $"/{i}"));
        rig.Plane.Tallies.Sum(tally => tally.Trunks).ShouldBe(1);
        await stop.CancelAsync();
        await instance;
    }

    internal static HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    internal static HttpRequestMessage Request(Rig rig, HttpMethod method, string path, string scheme = "http") =>
        new(method, $"{scheme}://127.0.0.1:{rig.Port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>Takes this body, and answers with the same.</summary>
    static async Task TakeAndSend(Backend backend, byte[] body, byte[] digest)
    {
        using var instance = await backend.Accept();
        await instance.Head();
        using var taken = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = body.Length; left > 0;)
        {
            var bytes = await instance.Some(left);
            taken.AppendData(bytes);
            left -= bytes.Length;
        }

        taken.GetHashAndReset().ShouldBe(digest);
        await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
        await instance.Send(body);
    }

    /// <summary>Answers with the path, on as many connections as come.</summary>
    static async Task Serve(Backend backend, CancellationToken stop)
    {
        using var end = stop.Register(backend.Dispose);
        var all = new List<Task>();
        try
        {
            while (true) all.Add(ServeOne(await backend.Accept()));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
            or System.Net.Sockets.SocketException)
        {
            // The test is over.
        }

        static async Task ServeOne(Peer instance)
        {
            using var _ = instance;
            try
            {
                while (true)
                {
                    var path = (await instance.Head()).Split(' ')[1];
                    await instance.Send($"HTTP/1.1 200 OK\r\nContent-Length: {path.Length}\r\n\r\n{path}");
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The gateway needs this connection no longer.
            }
        }
    }
}
