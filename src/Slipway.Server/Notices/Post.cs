using System.Net.Http.Headers;
using System.Text;
using Slipway.Adapters;
using Slipway.Adapters.Commands;
using Slipway.Specification;

namespace Slipway.Notices;

/// <summary>What came of a message: taken, refused for good, or to be tried again; why is fit to be shown.</summary>
readonly record struct Delivery(bool IsTaken, bool IsFinal, string Why)
{
    public static readonly Delivery Taken = new(true, true, "");
}

/// <summary>Brings one message to one target, once.</summary>
sealed class Post(Func<string, string?> variable, TimeProvider time) : IDisposable
{
    readonly Variables _variables = new(variable);
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>PagerDuty tells its customers apart by their keys; the address is one for each region.</summary>
    public string PagerDuty { get; init; } = "https://events.pagerduty.com/v2/enqueue";

    public async Task<Delivery> Send(NotifySpec target, Notice notice, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(Limits.Call, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancel);
        try
        {
            var secret = _variables.Resolve(target.Target);
            var letter = Letter.Of(target, notice with { Sent = time.GetUtcNow() }, secret);
            var address = target is { Kind: NotifyKind.PagerDuty, Url: var url }
                ? url is null ? PagerDuty : _variables.Resolve(url)
                : secret;
            var body = Encoding.UTF8.GetBytes(letter.Body.ToJsonString());
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address))
            {
                Content = new ByteArrayContent(body),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(letter.ContentType, "utf-8");
            if (target.Secret is { } key)
                request.Headers.Add(Signature.Header, Signature.Of(_variables.Resolve(key), time.GetUtcNow(), body));
            // What it says beside its status is nobody's concern: neither its length nor how slowly it comes.
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? Delivery.Taken : new(false, IsFinal((int)answer.StatusCode),
                $"it answered {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, false, $"no answer within {Limits.Call.TotalSeconds:0} s");
        }
        catch (MissingVariableException e)
        {
            return new(false, false, e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (e is UriFormatException or NotSupportedException)
        {
            return new(false, true, "its address is not a web address");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(false, false, "it cannot be reached"); // the exception itself may name a secret address
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asking again changes nothing, but for "too slow" and "too many".</summary>
    static bool IsFinal(int status) => status is >= 300 and < 500 and not (408 or 425 or 429);
}
