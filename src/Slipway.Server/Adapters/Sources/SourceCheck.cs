using Slipway.Releases;
using Slipway.Specification;

namespace Slipway.Adapters.Sources;

/// <param name="Metric">As the gate calls it.</param>
public sealed record SourceProblem(string Metric, string What, string Hint);

/// <summary>
/// Asked once before a release begins: do the gates' sources answer, and with a number for the version that serves?
/// What stays silent would leave the release undecided, hours later perhaps.
/// </summary>
sealed class SourceCheck(AllSources sources)
{
    /// <summary>The first problem, in the order of the gates; all are asked at once.</summary>
    public async Task<SourceProblem?> Ask(Service service, CancellationToken cancel)
    {
        if (service.Spec is not { } spec) return null;
        var asked = spec.Gates.Where(gate => gate is { Source: not null, Severity: Severity.Fail, DryRun: false })
            .DistinctBy(gate => gate.Source!.Name)
            .SelectMany(gate => new[] { gate.Source!.Query, gate.Source.Of }.OfType<string>()
                .Select(text => Problem(service, spec, gate, text)))
            .ToList();
        var problems = await Task.WhenAll(asked).WaitAsync(cancel);
        return problems.FirstOrDefault(problem => problem is not null);
    }

    async Task<SourceProblem?> Problem(Service service, ServiceSpec spec, GateSpec gate, string text)
    {
        var (metric, settings) = (gate.Source!, spec.Sources);
        var revision = service.StableRevision ?? new Revision(1, "0", spec);
        var names = AllSources.NamesOf(service, revision, "stable", gate.Window, settings.Every);
        var answer = await sources.Ask(new(metric, text, names, settings));
        // Nobody can know a service that never ran; only what no answer could mend is wrong by then.
        var isWell = answer.IsWrong ? false : answer.Exists || service.StableRevision is null;
        if (isWell) return null;
        var version = service.StableRevision is { } stable && Template.TellsSides(text) ? $" for {stable.Version}" : "";
        return new(metric.Name, $"{metric.From} has no {metric.Name}{version}: {answer.Why}",
            answer.IsWrong ? $"Mend what it is asked: {text}" : HintOf(answer, metric));
    }

    static string HintOf(Answer answer, CustomMetric metric) =>
        "Without it the release would stay undecided. To go ahead anyway: slipway deploy --blind"
        + (answer.IsEmpty && metric.From == SourceNames.Prometheus
            ? ". What may be missing is made 0 by a query like: … or vector(0)"
            : "");
}
