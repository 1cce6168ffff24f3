using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Reports;
using Slipway.Routing;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

/// <summary>What another system is asked, about which fleet, where, and what signs the question.</summary>
sealed record WebhookCall(string Moment, Fleet Fleet, string Url, string? Secret);

/// <summary>What it said: yes, with a status from 200 to 299, or no.</summary>
sealed record WebhookAnswer(bool Yes, int Status, string Said)
{
    public string Text => $"answered {Status}{Expected.Quoted(Said)}";
}

/// <summary>
/// Asks other systems. The id is stable: whoever hears the same one twice has been asked the same question twice.
/// </summary>
sealed class Webhooks(Variables variables, TimeProvider time) : IDisposable
{
    readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = Limits.BodyMax,
    };

    public async Task<WebhookAnswer> Ask(string id, Service service, WebhookCall call, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(Question(id, service, call, now), JsonSerializerOptions.Web);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(variables.Resolve(call.Url)))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (call.Secret is { } secret)
            request.Headers.Add(Signature.Header, Signature.Of(variables.Resolve(secret), now, body));
        using var answer = await _http.SendAsync(request, cancel);
        var said = await answer.Content.ReadAsStringAsync(cancel);
        return new(answer.IsSuccessStatusCode, (int)answer.StatusCode, said);
    }

    public static WebhookCall CallOf(WebhookSpec spec, Fleet fleet) =>
        new(ReleaseReports.Word(spec.At), fleet, spec.Url, spec.Secret);

    public void Dispose() => _http.Dispose();

    static object Question(string id, Service s, WebhookCall call, DateTimeOffset now)
    {
        var from = s.Run is { } run ? Plans.Telling.From(run) : null;
        return new
        {
            id,
            moment = call.Moment,
            at = now,
            service = s.Name,
            environment = s.Spec?.Environment,
            release = ReleaseReports.IdOf(s.Name, s.Releases),
            number = s.Releases,
            version = s.RevisionOf(call.Fleet).Version,
            from = from is { } stable && stable != call.Fleet ? s.RevisionOf(stable).Version : null,
            share = s.Want.Table.Value.ShareOf(call.Fleet).Basis / 100.0,
            url = Preview.UrlOf(s),
            preview = Preview.RoleOf(s, call.Fleet),
        };
    }
}
