using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Slipway.Demo;

/// <summary>
/// Users of the shop: they look, and every fourth buys. Every answer is checked and counted here, by the version that
/// gave it; what the gateway or the control plane count plays no part.
/// </summary>
internal sealed class Visitors : IAsyncDisposable
{
    const decimal Price = 4.20m;

    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limits.AnswerMax };
    readonly PeriodicTimer _pace;
    readonly TimeProvider _time;
    readonly Uri _shop;
    readonly Task _visiting;
    readonly Records _records = new();
    bool _open;

    public Visitors(Uri shop, TimeProvider time)
    {
        (_shop, _time, _pace) = (shop, time, new(Limits.Pace, time));
        _visiting = Visit();
    }

    public Records Records => _records;

    /// <summary>From here on the shop has something to sell, and every request counts.</summary>
    public void Open() => Volatile.Write(ref _open, true);

    public async ValueTask DisposeAsync()
    {
        _pace.Dispose();
        await _visiting;
        _http.Dispose();
    }

    async Task Visit()
    {
        var underWay = new List<Task>();
        for (var number = 1; await _pace.WaitForNextTickAsync();)
        {
            underWay.RemoveAll(request => request.IsCompleted);
            if (!Volatile.Read(ref _open) || underWay.Count >= Limits.UnderWayMax) continue;
            underWay.Add(One(number++));
        }

        await Task.WhenAll(underWay);
    }

    async Task One(int number)
    {
        var began = _time.GetUtcNow();
        try
        {
            using var answer = number % 4 == 0
                ? await _http.PostAsync(new Uri(_shop, "checkout"), JsonContent.Create(
                    new Purchase($"{number}", 1 + number % 9), DemoJson.Default.Purchase))
                : await _http.GetAsync(_shop);
            var body = await answer.Content.ReadAsStringAsync();
            var version = answer.Headers.TryGetValues("X-Slipway-Version", out var values) ? values.First() : null;
            var status = (int)answer.StatusCode;
            if (version is null) _records.Lost($"status {status} from no version");
            else if (status == 500 && body.StartsWith($"Shop {version} ", StringComparison.Ordinal))
                _records.Failed(version, began, _time.GetUtcNow());
            else if (status == 200 && IsWhole(number, version, body)) _records.Answered(version, began);
            else _records.Lost($"status {status} from {version} with a body that is not its own");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            _records.Lost(e.Message);
        }
    }

    static bool IsWhole(int number, string version, string body)
    {
        if (number % 4 != 0)
            return body.Contains($"<h1>Shop {version}</h1>", StringComparison.Ordinal)
                && body.EndsWith("</body>", StringComparison.Ordinal);
        return JsonSerializer.Deserialize(body, DemoJson.Default.Receipt) is { } receipt
            && receipt == new Receipt(number.ToString(CultureInfo.InvariantCulture), Price * (1 + number % 9), version);
    }
}
