using Slipway.ServiceFile.Shapes;
using Slipway.Specification;

namespace Slipway.ServiceFile.Keys;

internal static class SourceKeys
{
    static readonly MapShape<PrometheusSpec> Prometheus = new MapShape<PrometheusSpec>("prometheus", new())
        .Key("url", Texts.Url, "Where its HTTP API is.", (source, url) => source with { Url = url },
            Defaults.PrometheusUrl)
        .Key("token", Texts.Any, "A bearer token, best as a reference like \"${PROMETHEUS_TOKEN}\".",
            (source, token) => source with { Token = token })
        .Check((source, places) =>
        {
            if (source.Token is not null && !source.Token.Contains("${", StringComparison.Ordinal))
                places.Doubtful("token", "this is a secret, and stands in the open",
                    "put it in the environment and write \"${NAME}\" here");
        });

    public static readonly MapShape<SourcesSpec> Sources = new MapShape<SourcesSpec>("sources", new())
        .Key("every", Durations.Some, "How often a source is asked. At most 20s: one that is silent for 30s is down.",
            (sources, every) => sources with { Every = every }, "5s")
        .Key("timeout", Durations.Some, "How long an answer may take; nothing else waits for it.",
            (sources, timeout) => sources with { Timeout = timeout }, "5s")
        .Key("prometheus", Prometheus, "The Prometheus that gates ask.",
            (sources, prometheus) => sources with { Prometheus = prometheus })
        .Check((sources, places) =>
        {
            if (sources.Every > Limits.SourceEvery)
                places.Wrong("every", "a source that is asked so rarely counts as down",
                    $"at most {Limits.SourceEvery.TotalSeconds:0}s");
            if (sources.Timeout > Limits.SourceEvery)
                places.Wrong("timeout", "an answer that comes so late is of no use",
                    $"at most {Limits.SourceEvery.TotalSeconds:0}s");
        });
}
