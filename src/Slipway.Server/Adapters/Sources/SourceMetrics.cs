using System.Collections.Concurrent;
using Slipway.Adapters.Commands;
using Slipway.Gates;
using Slipway.Releases;
using Slipway.Routing;
using Slipway.Running;
using Slipway.Specification;

namespace Slipway.Adapters.Sources;

public sealed record SourceSettings(Func<string, Service?> Find)
{
    /// <summary>Relative programs begin here.</summary>
    public string Root { get; init; } = Environment.CurrentDirectory;
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told when a source falls silent, and when it speaks again.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}

/// <summary>
/// What was counted, and with it what other systems say. Nobody waits for those: a reading holds what has been answered
/// since the one before, each value once. What they do not say leaves their gates undecided.
/// </summary>
public sealed class SourceMetrics : IMetrics, IDisposable
{
    readonly IMetrics _counted;
    readonly SourceSettings _settings;
    readonly HttpClient _http;
    readonly Dictionary<string, ISource> _sources;
    readonly ConcurrentDictionary<Asked, Conversation> _conversations = new();

    /// <summary>Who is asked what: another release is another conversation.</summary>
    sealed record Asked(string Service, CustomMetric Metric, TimeSpan Window, Fleet Candidate, Fleet? Stable);

    public SourceMetrics(IMetrics counted, SourceSettings settings)
    {
        (_counted, _settings) = (counted, settings);
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

    public async Task<Totals> Read(MetricsQuery query, CancellationToken cancel)
    {
        var values = Values(query);
        var totals = await _counted.Read(query, cancel);
        return values.Count == 0 ? totals : totals with { Custom = values };
    }

    public void Dispose() => _http.Dispose();

    Seq<CustomValue> Values(MetricsQuery query)
    {
        if (_settings.Find(query.Service) is not { } service) return [];
        var (values, names) = (new List<CustomValue>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var gate in query.Gates.Where(gate => MetricOf(gate) is not null))
        {
            var metric = MetricOf(gate)!;
            if (!names.Add(metric.Name)) continue; // several gates lean on it
            if (_conversations.Count > Limits.AskedMax) _conversations.Clear();
            var asked = new Asked(query.Service, metric, gate.Window, query.Candidate, query.Stable);
            var conversation = _conversations.GetOrAdd(asked, _ => new(_settings.Time, TroubleOf(asked)));
            var every = SpecOf(service, query.Candidate)?.Sources.Every ?? Defaults.SourceEvery;
            if (conversation.Next(every, () => Ask(service, asked)) is { } value) values.Add(value);
        }

        return values.ToSeq();
    }

    static CustomMetric? MetricOf(GateSpec gate) => gate.Rule switch
    {
        GateRule.Limit rule => rule.Source,
        GateRule.Compare rule => rule.Source,
        _ => null,
    };

    static ServiceSpec? SpecOf(Service service, Fleet fleet) =>
        service.Revisions.FirstOrDefault(revision => revision.Fleet == fleet)?.Spec;

    Action<string?> TroubleOf(Asked asked) => why => _settings.Tell(why is null
        ? $"{asked.Service}: {asked.Metric.From} answers again for {asked.Metric.Name}"
        : $"{asked.Service}: {asked.Metric.Name} from {asked.Metric.From} is undecided: {why}");

    /// <summary>Both sides or none: half an answer would lay on the release what may be everybody's.</summary>
    async Task<CustomValue> Ask(Service service, Asked asked)
    {
        var isSided = Template.TellsSides(asked.Metric.Query);
        var candidate = Side(service, asked, asked.Candidate, "candidate");
        var stable = isSided && asked.Stable is { } fleet ? Side(service, asked, fleet, "stable") : null;
        var mine = await candidate;
        if (mine.Value is not { } value)
        {
            if (stable is not null) await stable;
            return CustomValue.None(asked.Metric.Name, isSided ? $"candidate: {mine.Why}" : mine.Why);
        }

        if (stable is null) return new(asked.Metric.Name, value);
        var theirs = await stable;
        return theirs.Value is { } control
            ? new(asked.Metric.Name, value, control)
            : CustomValue.None(asked.Metric.Name, $"stable: {theirs.Why}");
    }

    async Task<Answer> Side(Service service, Asked asked, Fleet fleet, string role)
    {
        if (!_sources.TryGetValue(asked.Metric.From, out var source))
            return Answer.No($"\"{asked.Metric.From}\" is no source that is known here");
        if (service.Revisions.FirstOrDefault(one => one.Fleet == fleet) is not { } revision)
            return Answer.No($"{fleet} is not known any more");
        var settings = SpecOf(service, asked.Candidate)?.Sources ?? new();
        var text = new Template
        {
            Service = service.Name,
            Environment = revision.Spec.Environment,
            Version = revision.Version,
            Fleet = fleet.ToString(),
            Role = role,
            Window = asked.Window,
            Step = settings.Every,
        }.Fill(asked.Metric.Query);
        using var expiry = new CancellationTokenSource(settings.Timeout, _settings.Time);
        try
        {
            return await source.Ask(new(asked.Metric, text, settings) { Window = asked.Window }, expiry.Token);
        }
        catch (Exception e)
        {
            return Answer.Failed(e, settings.Timeout);
        }
    }
}
