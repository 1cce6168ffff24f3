using System.Collections.Concurrent;
using System.Globalization;

namespace Slipway.Bench;

/// <summary>So many requests in each second, whether the ones before are answered or not.</summary>
sealed class SteadyVisitors : IAsyncDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly PeriodicTimer _pace;
    readonly Task _asking;

    public SteadyVisitors(string listen, int rate)
    {
        _pace = new(TimeSpan.FromSeconds(1.0 / rate));
        _asking = Ask(new($"http://{listen}/"));
    }

    /// <param name="Version">Who answered; nobody when it is empty.</param>
    public sealed record Answer(DateTimeOffset Asked, string Version, int Status);

    public ConcurrentQueue<Answer> Answers { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _pace.Dispose();
        await _asking;
        _http.Dispose();
    }

    async Task Ask(Uri address)
    {
        var underWay = new List<Task>();
        while (await _pace.WaitForNextTickAsync())
        {
            underWay.RemoveAll(request => request.IsCompleted);
            underWay.Add(One(address));
        }

        await Task.WhenAll(underWay);
    }

    async Task One(Uri address)
    {
        var asked = DateTimeOffset.UtcNow;
        try
        {
            using var response = await _http.GetAsync(address);
            var version = response.Headers.TryGetValues("X-Slipway-Version", out var told) ? told.Single() : "";
            Answers.Enqueue(new(asked, version, (int)response.StatusCode));
        }
        catch (HttpRequestException e)
        {
            Answers.Enqueue(new(asked, "", (int?)e.StatusCode ?? 0));
        }
    }
}
