using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Client;

/// <summary>
/// The control plane's API, typed. A refusal comes as <see cref="RefusedException"/>, silence as
/// <see cref="NoAnswerException"/>.
/// </summary>
public sealed class SlipwayClient(HttpClient http) : IDisposable
{
    public static SlipwayClient For(Uri url, string? token = null)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // names of people
        })
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new(http);
    }

    /// <summary>Who asks from now on, and as what: for the history, and for approvals that are for some.</summary>
    public SlipwayClient As(string by, IEnumerable<string> roles)
    {
        Say("Slipway-By", by);
        Say("Slipway-Roles", string.Join(',', roles));
        return this;
    }

    public Task<IReadOnlyList<ServiceReport>> Services(CancellationToken cancel) =>
        Get("api/v1/services", ContractsJson.Default.IReadOnlyListServiceReport, cancel);

    public Task<ServiceReport> Service(string name, CancellationToken cancel) =>
        Get($"api/v1/services/{Escaped(name)}", ContractsJson.Default.ServiceReport, cancel);

    public Task<CommandReply> Register(string name, ServiceRequest request, CancellationToken cancel) => Send(
        HttpMethod.Put, $"api/v1/services/{Escaped(name)}",
        JsonContent.Create(request, ContractsJson.Default.ServiceRequest), null, cancel);

    public Task<CommandReply> Remove(string name, CancellationToken cancel) =>
        Send(HttpMethod.Delete, $"api/v1/services/{Escaped(name)}", null, null, cancel);

    /// <param name="id">The same id again is the same wish: it is acknowledged and not done twice.</param>
    public Task<CommandReply> Deploy(string name, DeployRequest request, string id, CancellationToken cancel) => Send(
        HttpMethod.Post, $"api/v1/services/{Escaped(name)}/releases",
        JsonContent.Create(request, ContractsJson.Default.DeployRequest), id, cancel);

    /// <param name="verb">promote, pause, resume, hold, abort, undo, restart, approve or reject.</param>
    public Task<CommandReply> Command(
        string name, string verb, CommandRequest request, string id, CancellationToken cancel) => Send(
        HttpMethod.Post, $"api/v1/services/{Escaped(name)}/{verb}",
        JsonContent.Create(request, ContractsJson.Default.CommandRequest), id, cancel);

    public Task<IReadOnlyList<PastReport>> History(string name, CancellationToken cancel) => Get(
        $"api/v1/releases?service={Escaped(name)}", ContractsJson.Default.IReadOnlyListPastReport, cancel);

    public Task<ReleaseReport> Release(string id, CancellationToken cancel) =>
        Get($"api/v1/releases/{Escaped(id)}", ContractsJson.Default.ReleaseReport, cancel);

    public Task<IReadOnlyList<EventReport>> Events(string id, CancellationToken cancel) =>
        Get($"api/v1/releases/{Escaped(id)}/events", ContractsJson.Default.IReadOnlyListEventReport, cancel);

    /// <param name="since">How far back, like 30d.</param>
    public Task<DeliveryReport> Report(string since, CancellationToken cancel) =>
        Get($"api/v1/report?since={Escaped(since)}", ContractsJson.Default.DeliveryReport, cancel);

    /// <summary>Sends a trial to everybody who is told of a service.</summary>
    public async Task<IReadOnlyList<TrialReport>> TestNotices(string name, CancellationToken cancel)
    {
        using var answer = await Ask(
            () => http.PostAsync($"api/v1/services/{Escaped(name)}/notices/test", null, cancel), cancel);
        return await Read(answer, ContractsJson.Default.IReadOnlyListTrialReport, cancel);
    }

    /// <summary>The last lines of each instance; of those in <paramref name="after"/> what has come since.</summary>
    public Task<IReadOnlyList<LogReport>> Logs(
        string name, LogsRequest asked, IReadOnlyDictionary<string, long> after, CancellationToken cancel)
    {
        var since = string.Join(',', after.Select(known => $"{known.Key}:{known.Value}"));
        return Get($"api/v1/services/{Escaped(name)}/logs?tail={asked.Tail}&after={Escaped(since)}"
            + (asked.Version is null ? "" : $"&version={Escaped(asked.Version)}") + (asked.All ? "&all=true" : ""),
            ContractsJson.Default.IReadOnlyListLogReport, cancel);
    }

    /// <param name="who">Whom it is for: that stands in the history then.</param>
    public Task<ApprovalLinkReport> ApprovalLink(string name, string? who, CancellationToken cancel) => Get(
        $"api/v1/services/{Escaped(name)}/approval-link{(who is null ? "" : $"?for={Escaped(who)}")}",
        ContractsJson.Default.ApprovalLinkReport, cancel);

    /// <summary>The draft of a post-mortem, as Markdown.</summary>
    public async Task<string> PostMortem(string id, CancellationToken cancel)
    {
        using var answer = await Ask(
            () => http.GetAsync($"api/v1/releases/{Escaped(id)}/post-mortem", cancel), cancel);
        return await answer.Content.ReadAsStringAsync(cancel);
    }

    public void Dispose() => http.Dispose();

    void Say(string header, string value)
    {
        http.DefaultRequestHeaders.Remove(header);
        var line = string.Concat(value.Where(letter => !char.IsControl(letter))).Trim();
        if (line.Length > 0) http.DefaultRequestHeaders.TryAddWithoutValidation(header, line);
    }

    static string Escaped(string part) => Uri.EscapeDataString(part);

    async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var answer = await Ask(() => http.GetAsync(path, cancel), cancel);
        return await Read(answer, type, cancel);
    }

    /// <summary>Something else may listen there, and be glad to answer.</summary>
    async Task<T> Read<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == "application/json"
                && await answer.Content.ReadFromJsonAsync(type, cancel) is { } read) return read;
        }
        catch (JsonException)
        {
            // Not ours either.
        }

        throw Foreign(answer);
    }

    NoAnswerException Foreign(HttpResponseMessage answer) => new(
        http.BaseAddress!, $"what answers there is not Slipway: {(int)answer.StatusCode} {answer.ReasonPhrase}");

    async Task<CommandReply> Send(
        HttpMethod method, string path, HttpContent? content, string? id, CancellationToken cancel)
    {
        using var answer = await Ask(async () =>
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (id is not null) request.Headers.Add("Idempotency-Key", id);
            return await http.SendAsync(request, cancel);
        }, cancel);
        return await Read(answer, ContractsJson.Default.CommandReply, cancel);
    }

    async Task<HttpResponseMessage> Ask(Func<Task<HttpResponseMessage>> ask, CancellationToken cancel)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await ask();
        }
        catch (HttpRequestException e)
        {
            var why = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? "connection refused"
                : e.HttpRequestError == HttpRequestError.SecureConnectionError
                ? "it does not speak TLS as it should: write http:// where it does not"
                : e.Message;
            throw new NoAnswerException(http.BaseAddress!, why, e);
        }
        catch (TaskCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NoAnswerException(http.BaseAddress!, $"no answer within {http.Timeout.TotalSeconds} s", e);
        }

        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw new RefusedException(await ProblemOf(answer, cancel));
    }

    async Task<ApiProblem> ProblemOf(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && await answer.Content.ReadFromJsonAsync(ContractsJson.Default.ApiProblem, cancel) is { } problem)
                return problem;
        }
        catch (JsonException)
        {
            // Something between us and the control plane has answered.
        }

        if ((int)answer.StatusCode < 500) throw Foreign(answer);
        return new($"the control plane answered {(int)answer.StatusCode} {answer.ReasonPhrase}",
            (int)answer.StatusCode);
    }
}

/// <summary>The control plane has said no, and why.</summary>
public sealed class RefusedException(ApiProblem problem) : Exception(problem.Title)
{
    public ApiProblem Problem => problem;
}

/// <summary>Nobody answers there.</summary>
public sealed class NoAnswerException(Uri url, string why, Exception? inner = null)
    : Exception($"no answer from the control plane at {url.GetLeftPart(UriPartial.Authority)} ({why})", inner)
{
    public Uri Url => url;
}
