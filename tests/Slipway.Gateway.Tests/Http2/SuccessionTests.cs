using System.Net;
using Slipway.Gateway.Life;
using Slipway.Specification;

namespace Slipway.Gateway.Http2;

public sealed class SuccessionTests : IAsyncLifetime
{
    const int Generations = 3, Clients = 4;

    readonly Dynasty _dynasty = new();

    public Task InitializeAsync() => _dynasty.Begin();

    public async Task DisposeAsync() => await _dynasty.DisposeAsync();

    [Fact]
    public async Task A_new_process_takes_over_under_load_and_no_stream_is_lost()
    {
        var gateway = await _dynasty.Start();
        _dynasty.Serve(gateway, new() { Http2 = Http2Use.Always });
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_dynasty.Limit);
        var clients = Enumerable.Range(0, Clients).Select(_ => Ask(enough.Token)).ToList();
        await using var last = await _dynasty.Succeed(gateway, Generations);
        await enough.CancelAsync();
        (await Task.WhenAll(clients)).ShouldAllBe(count => count > Generations);
    }

    /// <summary>Several requests at a time, on one connection for as long as the gateway keeps it.</summary>
    async Task<int> Ask(CancellationToken cancel)
    {
        using var client = ClientTests.Client();
        var answered = 0;
        while (!cancel.IsCancellationRequested)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_dynasty.Port}/")
                {
                    Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using var response = await client.SendAsync(request, _dynasty.Limit);
                return await response.Content.ReadAsStringAsync(_dynasty.Limit);
            }));
            answers.ShouldAllBe(answer => answer == "ok");
            answered += answers.Length;
        }

        return answered;
    }
}
