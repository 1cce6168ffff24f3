using System.Globalization;
using System.Text;
using Slipway.Gates;

namespace Slipway.Gateway.Telemetry;

/// <summary>The counts as Prometheus reads them.</summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Upper edges, in seconds; the fine bins are in the stats.</summary>
    static readonly double[] Edges =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    static readonly string[] Classes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    public static string Of(GatewayStats stats)
    {
        var text = new StringBuilder();
        Family(text, stats, "slipway_gateway_responses_total", "counter", "Answers by class of status.", ByClass);
        One(text, stats, "requests_total", "counter", "Requests of users.", fleet => fleet.User.Requests);
        One(text, stats, "errors_total", "counter", "Bad answers, and none.", fleet => fleet.User.Errors);
        One(text, stats, "timeouts_total", "counter", "Requests without an answer in time.",
            fleet => fleet.User.TimedOut);
        One(text, stats, "connect_failures_total", "counter", "Connections that could not be made.",
            fleet => fleet.User.ConnectFailed);
        One(text, stats, "received_bytes_total", "counter", "Bytes from users.", fleet => fleet.User.BytesIn);
        One(text, stats, "sent_bytes_total", "counter", "Bytes to users.", fleet => fleet.User.BytesOut);
        One(text, stats, "retries_total", "counter", "Requests sent to a second instance.", fleet => fleet.Retries);
        One(text, stats, "probes_total", "counter", "Probes, which count nowhere else.", fleet => fleet.Probes);
        One(text, stats, "shadow_requests_total", "counter", "Copies that a shadow was sent.",
            fleet => fleet.Shadow.Requests);
        One(text, stats, "under_way", "gauge", "Requests under way.", fleet => fleet.UnderWay);
        One(text, stats, "instances_ready", "gauge", "Instances that take requests.", fleet => fleet.Ready);
        One(text, stats, "instances_aside", "gauge", "Instances put aside because they failed.", fleet => fleet.Aside);
        Latency(text, stats);
        Sites(text, stats);
        if (stats.Connections is { } connections)
        {
            Named(text, "connections_total", "event", "What became of connections and requests.", connections.Events);
            Named(text, "refused_total", "reason", "Requests that were not taken.", connections.Refused);
            Named(text, "bad_answers_total", "reason", "Answers of instances that were no whole or proper ones.",
                connections.BadAnswers);
            Named(text, "http2_broken_total", "reason", "Breaches of HTTP/2.", connections.Broken);
        }

        return text.ToString();
    }

    static void Named(StringBuilder text, string name, string label, string help, Seq<NamedCount> counts)
    {
        Head(text, $"slipway_gateway_{name}", "counter", help);
        foreach (var each in counts)
            text.Append(CultureInfo.InvariantCulture,
                $"slipway_gateway_{name}{{{label}=\"{each.Name}\"}} {each.Count}\n");
    }

    static void ByClass(Action<string, long> line, FleetStats fleet)
    {
        for (var i = 0; i < Classes.Length; i++) line($",class=\"{Classes[i]}\"", fleet.User.Classes[i]);
    }

    static void One(StringBuilder text, GatewayStats stats, string name, string kind, string help,
        Func<FleetStats, long> value) =>
        Family(text, stats, $"slipway_gateway_{name}", kind, help, (line, fleet) => line("", value(fleet)));

    static void Family(StringBuilder text, GatewayStats stats, string name, string kind, string help,
        Action<Action<string, long>, FleetStats> lines)
    {
        Head(text, name, kind, help);
        foreach (var (labels, fleet) in Fleets(stats))
            lines((more, value) => text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}{more}}} {value}\n"),
                fleet);
    }

    static void Latency(StringBuilder text, GatewayStats stats)
    {
        const string name = "slipway_gateway_latency_seconds";
        Head(text, name, "histogram", "From the whole request to the whole answer, of what is no stream.");
        foreach (var (labels, fleet) in Fleets(stats))
        {
            var latency = fleet.User.Latency;
            foreach (var edge in Edges)
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{edge}\"}} ")
                    .Append(latency.Total - latency.Above(Histogram.BinOf(edge * 1000))).Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"+Inf\"}} {latency.Total}\n");
            var sum = latency.Bins.Sum(bin => bin.Count * Histogram.EdgeOf(bin.Bin) / 1000);
            text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {sum:0.######}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_count{{{labels}}} {latency.Total}\n");
        }
    }

    static void Sites(StringBuilder text, GatewayStats stats)
    {
        const string unrouted = "slipway_gateway_unrouted_total";
        Head(text, unrouted, "counter", "Requests that no fleet got: refused, held in vain, or too many.");
        foreach (var site in stats.Sites)
            text.Append(CultureInfo.InvariantCulture,
                $"{unrouted}{{service=\"{Escaped(site.Service)}\"}} {site.Unrouted.Requests}\n");
        const string certificate = "slipway_gateway_certificate_usable";
        Head(text, certificate, "gauge", "1 where the certificate and its key are served as their files are now.");
        foreach (var site in stats.Sites.Where(site => site.HasCertificate is not null))
            text.Append(CultureInfo.InvariantCulture, $"{certificate}{{service=\"{Escaped(site.Service)}\"}} ")
                .Append(site.HasCertificate == true ? "1\n" : "0\n");
        const string shadow = "slipway_gateway_shadow_total";
        Head(text, shadow, "counter", "Copies for a shadow; of those compared, how many differ in what.");
        foreach (var site in stats.Sites)
            foreach (var route in site.Shadow)
                foreach (var (outcome, count) in new[]
                {
                    ("compared", route.Compared), ("slower", route.Slower),
                    ("other status", route.Compared - route.SameStatus),
                    ("other body", route.Compared - route.SameBody),
                    ("failed", route.Failed), ("dropped", route.Dropped),
                })
                    text.Append(CultureInfo.InvariantCulture, $"{shadow}{{service=\"{Escaped(site.Service)}\",")
                        .Append(CultureInfo.InvariantCulture,
                            $"route=\"{Escaped(route.Route)}\",result=\"{outcome}\"}} {count}\n");
    }

    static void Head(StringBuilder text, string name, string kind, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");

    static IEnumerable<(string Labels, FleetStats Fleet)> Fleets(GatewayStats stats) =>
        from site in stats.Sites
        from fleet in site.Fleets
        select ($"service=\"{Escaped(site.Service)}\",fleet=\"{fleet.Fleet}\",version=\"{Escaped(fleet.Version)}\"",
            fleet);

    static string Escaped(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
