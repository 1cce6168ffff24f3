using Slipway.Specification;

namespace Slipway.Adapters.Sources;

/// <summary>
/// Another system that is asked for one number. It may throw: then there is no answer, and that is told.
/// </summary>
interface ISource
{
    Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel);
}

/// <param name="Text">The question, with everything filled in but references to secrets.</param>
sealed record Inquiry(CustomMetric Metric, string Text, SourcesSpec Settings)
{
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);
}
