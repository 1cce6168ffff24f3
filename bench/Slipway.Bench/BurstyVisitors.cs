using System.Globalization;

namespace Slipway.Bench;

/// <summary>
/// So many new visitors in a second on average: more and fewer in waves, each with one to five requests.
/// </summary>
sealed class BurstyVisitors(string listen, double perSecond) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly Random _draw = new(1);
    readonly List<Task> _here = [];
    double _load;
    int _rush, _known;

    /// <summary>Those of one second.</summary>
    public void Come()
    {
        _load = .95 * _load + .1 * (_draw.NextDouble() + _draw.NextDouble() + _draw.NextDouble() - 1.5) * 2;
        if (--_rush < -60 && _draw.Next(60) == 0) _rush = _draw.Next(3, 8);
        var many = perSecond * Math.Exp(_load) * (_rush > 0 ? 3 : 1) * (.5 + _draw.NextDouble());
        _here.RemoveAll(visit => visit.IsCompleted);
        for (var i = 0; i < many; i++)
            _here.Add(Visit(_known++, _draw.Next(1000), _draw.Next(1, 6), _draw.Next(20, 800)));
    }

    public Task Gone() => Task.WhenAll(_here);

    public void Dispose() => _http.Dispose();

    async Task Visit(int name, int after, int asks, int pause)
    {
        await Task.Delay(after);
        for (var i = 0; i < asks; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{listen}/");
            request.Headers.Host = name.ToString(CultureInfo.InvariantCulture);
            try
            {
                using var response = await _http.SendAsync(request);
            }
            catch (HttpRequestException)
            {
                // The gateway has seen it too, and has written it down.
            }

            await Task.Delay(pause);
        }
    }
}
