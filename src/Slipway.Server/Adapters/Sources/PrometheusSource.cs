using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Adapters.Commands;
using Slipway.Specification;

namespace Slipway.Adapters.Sources;

/// <summary>
/// Prometheus by its HTTP API. One number is wanted, so exactly one series must be answered; values that are older than
/// the gate's window are not looked for.
/// </summary>
sealed class PrometheusSource(HttpClient http, Variables variables, TimeProvider time) : ISource
{
    public async Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel)
    {
        var settings = inquiry.Settings.Prometheus;
        var isRange = inquiry.Metric.Take != Take.Last;
        var address = variables.Resolve(settings.Url).TrimEnd('/')
            + (isRange ? "/api/v1/query_range" : "/api/v1/query");
        var end = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address));
        request.Content = new FormUrlEncodedContent(isRange ? Range(inquiry, end) : Instant(inquiry));
        if (settings.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", variables.Resolve(token));
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) return Refused($"{(int)response.StatusCode}", Complaint(text), request);
        using var answer = JsonDocument.Parse(text);
        try
        {
            // Whatever data stands beside an error is no answer.
            return answer.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("status", out var status) && status.GetString() != "success"
                ? Refused("an error", Complaint(root), request)
                : Of(answer.RootElement, inquiry, end);
        }
        catch (Exception e) when (e is InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return Strange; // something of another kind stands where Prometheus has an object, a list or a text
        }
    }

    static Answer Strange => Answer.No("what it answered is not what Prometheus answers");

    /// <summary>400 and 422 are said of the query; a token that is said back is kept to ourselves.</summary>
    static Answer Refused(string status, string complaint, HttpRequestMessage request)
    {
        var why = $"it answered {status}{complaint}";
        if (request.Headers.Authorization?.Parameter is { Length: > 0 } token)
            why = why.Replace(token, "…", StringComparison.Ordinal);
        return status is "400" or "422" ? Answer.Wrong(why) : Answer.No(why);
    }

    static Dictionary<string, string> Instant(Inquiry inquiry) => new()
    {
        ["query"] = inquiry.Names.Fill(inquiry.Text),
        ["lookback_delta"] = Promql.Duration(inquiry.Window),
    };

    static Dictionary<string, string> Range(Inquiry inquiry, DateTimeOffset end) => new(Instant(inquiry))
    {
        ["start"] = Seconds(end - inquiry.Window),
        ["end"] = Seconds(end),
        ["step"] = Promql.Duration(StepOf(inquiry)),
    };

    /// <summary>As often as it is asked, but never more values than can be of use.</summary>
    static TimeSpan StepOf(Inquiry inquiry) => TimeSpan.FromTicks(
        Math.Max(inquiry.Settings.Every.Ticks, inquiry.Window.Ticks / Limits.PointsMax));

    static string Seconds(DateTimeOffset at) =>
        (at.ToUnixTimeMilliseconds() / 1000d).ToString("0.000", CultureInfo.InvariantCulture);

    static Answer Of(JsonElement root, Inquiry inquiry, DateTimeOffset end)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data)
            || !data.TryGetProperty("resultType", out var type) || !data.TryGetProperty("result", out var result))
            return Strange;
        if (root.TryGetProperty("warnings", out var warnings) && warnings is { ValueKind: JsonValueKind.Array }
            && warnings.GetArrayLength() > 0)
            return Answer.No($"it warns that its answer may be incomplete: {warnings[0]}");
        return type.GetString() switch
        {
            "scalar" => Number(result),
            "vector" => One(result, series => series.TryGetProperty("value", out var point)
                ? Number(point)
                : Answer.Wrong("the value is a histogram: histogram_quantile() makes a number of it")),
            "matrix" when inquiry.Metric.Take == Take.Last =>
                Answer.Wrong("the query asks for a range of values: rate() or avg_over_time() makes one of them"),
            "matrix" => One(result, series => series.TryGetProperty("values", out var points)
                ? Summed(points, inquiry, end)
                : Answer.Wrong("the values are histograms: histogram_quantile() makes numbers of them")),
            _ => Answer.Wrong("the value is a text"),
        };
    }

    /// <summary>A time and a value, which is written as text.</summary>
    static Answer Number(JsonElement point) => Answer.Of(point[1].GetString() ?? "");

    static Answer One(JsonElement result, Func<JsonElement, Answer> value) => result.GetArrayLength() switch
    {
        0 => Answer.Empty("nothing was found: no series matches, or none has a value in the window"),
        1 => value(result[0]),
        var many => Answer.Wrong(
            $"{many} series were found, and one number is wanted: sum() or max() makes one of them"),
    };

    /// <summary>What is no number in between is left out; the newest must not be older than two steps.</summary>
    static Answer Summed(JsonElement points, Inquiry inquiry, DateTimeOffset end)
    {
        var all = points.EnumerateArray().ToList();
        if (all.Count == 0) return Answer.Empty("nothing was found in the window");
        var age = end - DateTimeOffset.UnixEpoch.AddSeconds(all[^1][0].GetDouble());
        if (age > 2 * StepOf(inquiry))
            return Answer.No($"the newest value is {age.TotalSeconds:0} s old");
        var values = new List<double>();
        foreach (var answer in all.Select(Number))
            if (answer.Value is { } value) values.Add(value);
        if (values.Count == 0) return Answer.No("no value in the window is a number");
        return Answer.Of(inquiry.Metric.Take switch
        {
            Take.Min => values.Min(),
            Take.Max => values.Max(),
            _ => values.Average(),
        });
    }

    /// <summary>What is wrong with a query only Prometheus knows, and it says so.</summary>
    static string Complaint(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            return Complaint(answer.RootElement);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    static string Complaint(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error) ? $": {error}" : "";
}
