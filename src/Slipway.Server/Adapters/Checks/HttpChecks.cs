using System.Net.Http.Json;
using Slipway.Adapters.Commands;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Checks;

/// <summary>
/// Checks that are requests. A candidate is asked where users come in, by the header that leads to its preview.
/// </summary>
sealed class HttpChecks(Variables variables) : IDisposable
{
    public const string PreviewHeader = "Slipway-Preview";

    readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>By its role: two revisions may have the same version.</summary>
    public static string PreviewOf(Service service, Fleet fleet) => fleet == service.Stable ? "stable" : "candidate";

    public async Task<JobAnswer> Get(Service service, Fleet fleet, CheckSpec.Http check, CancellationToken cancel)
    {
        if (service.Spec?.Traffic.Listen is not { } listen)
            return new(false, "there is no address to ask: traffic.listen is not set");

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{listen}{check.Path}"));
        request.Headers.Add(PreviewHeader, PreviewOf(service, fleet));
        if (service.Spec.Traffic.Hosts is [var host, ..]) request.Headers.Host = host;

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (check.Within is { } within) limited.CancelAfter(within);
        try
        {
            using var answer = await _http.SendAsync(request, limited.Token);
            var body = await answer.Content.ReadAsStringAsync(limited.Token);
            if ((int)answer.StatusCode != check.Expect)
                return new(false, $"answered {(int)answer.StatusCode}, not {check.Expect}");
            return check.Body is { } text && !body.Contains(text, StringComparison.Ordinal)
                ? new(false, $"the body does not contain \"{text}\"")
                : new(true, $"answered {check.Expect}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"no answer within {check.Within!.Value.TotalSeconds:0.###} s");
        }
    }

    /// <summary>The id is stable: whoever hears the same one twice has been asked the same question twice.</summary>
    public async Task<JobAnswer> Post(Job job, Fleet fleet, CheckSpec.Webhook hook, CancellationToken cancel)
    {
        var question = new
        {
            id = job.Id,
            service = job.Service.Name,
            environment = job.Service.Spec?.Environment,
            release = job.Service.Releases,
            version = job.Service.RevisionOf(fleet).Version,
        };
        using var answer = await _http.PostAsJsonAsync(new Uri(variables.Resolve(hook.Url)), question, cancel);
        return new(answer.IsSuccessStatusCode, $"answered {(int)answer.StatusCode}");
    }

    public void Dispose() => _http.Dispose();
}
