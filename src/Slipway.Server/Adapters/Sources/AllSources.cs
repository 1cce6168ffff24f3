using Slipway.Adapters.Commands;
using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Sources;

/// <summary>Every system that can be asked, and the time that each may take.</summary>
sealed class AllSources : IDisposable
{
    readonly TimeProvider _time;
    readonly HttpClient _http;
    readonly Dictionary<string, ISource> _sources;

    public AllSources(SourceSettings settings)
    {
        _time = settings.Time;
        var variables = new Variables(settings.Variable);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = Limits.KeepConnection,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = Limits.AnswerBytes,
        };
        _sources = new(StringComparer.Ordinal)
        {
            [SourceNames.Prometheus] = new PrometheusSource(_http, variables, settings.Time),
            [SourceNames.Http] = new HttpSource(_http, variables),
            [SourceNames.Command] = new CommandSource(settings.Root, variables),
        };
    }

    /// <summary>Never throws: what goes wrong is an answer.</summary>
    public async Task<Answer> Ask(Inquiry inquiry)
    {
        if (!_sources.TryGetValue(inquiry.Metric.From, out var source))
            return Answer.Wrong($"\"{inquiry.Metric.From}\" is no source that is known here");
        var timeout = inquiry.Settings.Timeout;
        using var expiry = new CancellationTokenSource(timeout, _time);
        try
        {
            return await source.Ask(inquiry, expiry.Token);
        }
        catch (Exception e)
        {
            return Answer.Failed(e, timeout);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What a question is asked about: one side of a release.</summary>
    public static Template NamesOf(Service service, Revision revision, string role, TimeSpan window, TimeSpan step) =>
        new()
        {
            Service = service.Name,
            Environment = revision.Spec.Environment,
            Version = revision.Version,
            Fleet = revision.Fleet.ToString(),
            Role = role,
            Window = window,
            Step = step,
        };
}
