using System.Collections.Concurrent;
using System.Net;

namespace Slipway.EndToEnd;

/// <summary>About two hundred requests a second, each one an answer that counts.</summary>
sealed class Users : IAsyncDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly PeriodicTimer _pace = new(TimeSpan.FromMilliseconds(5));
    readonly Uri _address;
    readonly Task _asking;

    public Users(string listen)
    {
        _address = new Uri($"http://{listen}/");
        _asking = Ask();
    }

    /// <summary>How often each version, or each status that is no answer, has come.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Failures => Answers.Keys.Where(answer => !answer.StartsWith('1'));

    public async Task Stop()
    {
        _pace.Dispose();
        await _asking;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _http.Dispose();
    }

    async Task Ask()
    {
        var underWay = new List<Task>();
        while (await _pace.WaitForNextTickAsync())
        {
            underWay.RemoveAll(request => request.IsCompleted);
            underWay.Add(One());
        }

        await Task.WhenAll(underWay);
    }

    async Task One()
    {
        string answer;
        try
        {
            using var response = await _http.GetAsync(_address);
            answer = response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsStringAsync()
                : $"status {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            answer = e.Message;
        }

        Answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
    }
}
