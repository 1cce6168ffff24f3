namespace Slipway.Specification;

/// <summary>The systems that gates ask, and how often.</summary>
public sealed record SourcesSpec
{
    public TimeSpan Every { get; init; } = Defaults.SourceEvery;
    public TimeSpan Timeout { get; init; } = Defaults.SourceTimeout;
    public PrometheusSpec Prometheus { get; init; } = new();
}

public sealed record PrometheusSpec
{
    public string Url { get; init; } = Defaults.PrometheusUrl;

    /// <summary>Sent as a bearer token.</summary>
    public string? Token { get; init; }
}

/// <summary>What is made of the values in a window; the last one needs no other.</summary>
public enum Take { Last, Mean, Min, Max }
