using System.Collections.Concurrent;
using System.Net;

namespace Slipway.Machines;

/// <summary>About two hundred requests a second, each one an answer that counts.</summary>
public sealed class Users : IAsyncDisposable
{
    const string VersionHeader = "X-Slipway-Version"; // where the gateway is asked to say it

    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly PeriodicTimer _pace = new(TimeSpan.FromMilliseconds(5));
    readonly Uri _address;
    readonly Func<int, string>? _user;
    readonly Task _asking;

    /// <param name="user">Who asks for the n-th time; nobody says so when it is none.</param>
    public Users(string listen, Func<int, string>? user = null)
    {
        _user = user;
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
        for (var i = 0; await _pace.WaitForNextTickAsync(); i++)
        {
            underWay.RemoveAll(request => request.IsCompleted);
            underWay.Add(One(_user?.Invoke(i)));
        }

        await Task.WhenAll(underWay);
    }

    async Task One(string? user)
    {
        string answer;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            if (user is not null) request.Headers.Add("user", user);
            using var response = await _http.SendAsync(request);
            answer = response.StatusCode switch
            {
                HttpStatusCode.OK when response.Headers.TryGetValues(VersionHeader, out var told) => told.Single(),
                HttpStatusCode.OK => await response.Content.ReadAsStringAsync(),
                HttpStatusCode.InternalServerError => "status 500", // an app's own
                var status => $"status {(int)status}: {await response.Content.ReadAsStringAsync()}",
            };
        }
        catch (HttpRequestException e)
        {
            answer = e.Message;
        }

        Answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
    }
}
