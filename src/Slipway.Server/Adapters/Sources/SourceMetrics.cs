using System.Collections.Concurrent;
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
/// since the one before. What they do not say leaves their gates undecided.
/// </summary>
public sealed class SourceMetrics(IMetrics counted, SourceSettings settings) : IMetrics, IDisposable
{
    readonly AllSources _sources = new(settings);
    readonly ConcurrentDictionary<Asked, Conversation> _conversations = new();

    /// <summary>Who is asked what: another release is another conversation.</summary>
    sealed record Asked(string Service, CustomMetric Metric, TimeSpan Window, Fleet Candidate, Fleet? Stable);

    public async Task<Totals> Read(MetricsQuery query, CancellationToken cancel)
    {
        var totals = await counted.Read(query, cancel);
        if (!query.Gates.Any(gate => gate.Source is not null) || settings.Find(query.Service) is not { } service)
            return totals;
        var (values, counts) = (new List<CustomValue>(), new List<CustomCount>());
        foreach (var gate in query.Gates.Where(gate => gate.Source is not null).DistinctBy(gate => gate.Source!.Name))
        {
            var asked = new Asked(query.Service, gate.Source!, gate.Window, query.Candidate, query.Stable);
            var every = SpecOf(service, query.Candidate)?.Sources.Every ?? Defaults.SourceEvery;
            var news = With(asked).Next(every, () => Ask(service, asked));
            if (news.Value is { } value) values.Add(value);
            if (news.Counted is { } count) counts.Add(count);
        }

        return totals with { Custom = values.ToSeq(), Counted = counts.ToSeq() };
    }

    /// <summary>Why a release had better not begin: a source of its gates says nothing that could be judged.</summary>
    public Task<SourceProblem?> Problem(Service service, CancellationToken cancel) =>
        new SourceCheck(_sources).Ask(service, cancel);

    public void Dispose() => _sources.Dispose();

    /// <summary>With the first word of a release those about the ones before are over.</summary>
    Conversation With(Asked asked)
    {
        if (_conversations.TryGetValue(asked, out var known)) return known;
        foreach (var old in _conversations.Keys.Where(one =>
            one.Service == asked.Service && one.Candidate != asked.Candidate))
            _conversations.TryRemove(old, out _);
        return _conversations.GetOrAdd(asked, _ => new(settings.Time, TroubleOf(asked)));
    }

    Action<string?> TroubleOf(Asked asked) => why => settings.Tell(why is null
        ? $"{asked.Service}: {asked.Metric.From} answers again for {asked.Metric.Name}"
        : $"{asked.Service}: {asked.Metric.Name} from {asked.Metric.From} is undecided: {why}");

    async Task<Said> Ask(Service service, Asked asked)
    {
        var value = Sides(service, asked, asked.Metric.Query);
        var all = asked.Metric.Of is { } of ? Sides(service, asked, of) : null;
        return new(await value, all is null ? null : await all);
    }

    /// <summary>Both sides or none: half an answer would lay on the release what may be everybody's.</summary>
    async Task<CustomValue> Sides(Service service, Asked asked, string text)
    {
        var (isSided, name) = (Template.TellsSides(text), asked.Metric.Name);
        var candidate = Side(service, asked, text, asked.Candidate, "candidate");
        var stable = isSided && asked.Stable is { } fleet ? Side(service, asked, text, fleet, "stable") : null;
        var mine = await candidate;
        var theirs = stable is null ? default : await stable;
        if (mine.Value is not { } value) return CustomValue.None(name, isSided ? $"candidate: {mine.Why}" : mine.Why);
        if (stable is null) return new(name, value);
        return theirs.Value is { } control
            ? new(name, value, control)
            : CustomValue.None(name, $"stable: {theirs.Why}");
    }

    async Task<Answer> Side(Service service, Asked asked, string text, Fleet fleet, string role)
    {
        if (service.Revisions.FirstOrDefault(one => one.Fleet == fleet) is not { } revision)
            return Answer.No($"{fleet} is not known any more");
        var settings = SpecOf(service, asked.Candidate)?.Sources ?? new();
        var names = AllSources.NamesOf(service, revision, role, asked.Window, settings.Every);
        return await _sources.Ask(new(asked.Metric, text, names, settings));
    }

    static ServiceSpec? SpecOf(Service service, Fleet fleet) =>
        service.Revisions.FirstOrDefault(revision => revision.Fleet == fleet)?.Spec;
}
