using Slipway.Specification;

namespace Slipway.Adapters.Sources;

/// <summary>
/// Another system that is asked for one number. It may throw: then there is no answer, and that is told.
/// </summary>
interface ISource
{
    Task<Answer> Ask(Inquiry inquiry, CancellationToken cancel);
}

/// <param name="Text">The question as it is written, with the names in braces.</param>
sealed record Inquiry(CustomMetric Metric, string Text, Template Names, SourcesSpec Settings)
{
    public TimeSpan Window => Names.Window;
}
