using System.Net;
using System.Text;
using Slipway.Client;
using Slipway.Support;

namespace Slipway.Tests;

public sealed class FollowedFilesTests
{
    const string Yaml = "service: shop\nruntime: { process: { command: ./shop } }\nreplicas: ";

    /// <summary>A store that is away for a moment must not cost a change: nobody would save the file again.</summary>
    [Fact]
    public async Task What_cannot_be_taken_for_the_moment_is_asked_again()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("slipway.yaml"), Yaml + "4\n");
        using var http = new HttpClient(new Plane()) { BaseAddress = new("http://plane/") };
        using var client = new SlipwayClient(http);
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var told = new TaskCompletionSource<string>();
        var around = new Surroundings(_ => null, OutputRedirected: true, InputRedirected: true, () => (80, 24));
        var desk = new Desk(TextWriter.Null, TextWriter.Null, folder.Path, around);

        var following = new FollowedFiles([new("slipway.yaml", "shop", Yaml + "2\n")], desk, told.SetResult)
            .Follow(client, over.Token);
        (await told.Task.WaitAsync(over.Token)).ShouldBe(
            "slipway.yaml was changed, and shop follows: shop: replicas 2 → 4");
        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
    }

    /// <summary>Its store is away when it is asked first.</summary>
    sealed class Plane : HttpMessageHandler
    {
        int _asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
            Task.FromResult(_asked++ == 0
                ? Says(HttpStatusCode.ServiceUnavailable, """{ "title": "The journal is away", "status": 503 }""")
                : Says(HttpStatusCode.OK, """{ "service": "shop", "text": "shop: replicas 2 → 4" }"""));

        static HttpResponseMessage Says(HttpStatusCode status, string text) => new(status)
        {
            Content = new StringContent(text, Encoding.UTF8, "application/json"),
        };
    }
}
