using System.Text;
using Slipway.Client;

namespace Slipway.Reports;

/// <summary>Services and releases as Prometheus reads them. Traffic is what the gateway itself has counted.</summary>
public static class MetricsText
{
    public static string Of(IReadOnlyList<ServiceReport> all)
    {
        var text = new StringBuilder();
        Family(text, "service_instances_ready", "gauge", "Instances of the live version that are ready.",
            all.Where(s => s.Version is not null).Select(s => (Labels(s), (double)s.Ready)));
        Family(text, "service_instances_wanted", "gauge", "Instances that the service shall have.",
            all.Select(s => ($"service=\"{s.Name}\"", (double)s.Replicas)));
        Family(text, "service_attention", "gauge",
            "Who has to look at it: 0 nobody, 1 nobody yet, 2 somebody soon, 3 somebody now.",
            all.Select(s => ($"service=\"{s.Name}\"", (double)s.Attention)));
        Family(text, "service_looked_after", "gauge",
            "1 while the control plane looks after it, 0 when it has had to let go of it.",
            all.Select(s => ($"service=\"{s.Name}\"", s.LookedAfter ? 1.0 : 0)));
        var running = all.Where(s => s.Release is not null).Select(s => s.Release!).ToList();
        Family(text, "release_running", "gauge", "A release under way.",
            running.Select(r => ($"{Labels(r)},strategy=\"{r.Strategy}\",mode=\"{r.Mode}\"", 1.0)));
        Family(text, "release_share", "gauge", "The part of the traffic that the new version has, up to 1.",
            running.Select(r => (Labels(r), r.ShareSeenPercent / 100)));
        Family(text, "releases_total", "counter", "Releases that were begun.",
            all.Select(s => ($"service=\"{s.Name}\"", (double)(s.Release?.Number ?? s.Last?.Number ?? 0))));
        Family(text, "release_last", "gauge", "How the latest release that is over ended.",
            all.Where(s => s.Last is not null).Select(s =>
                ($"service=\"{s.Name}\",to=\"{s.Last!.To}\",outcome=\"{s.Last.Outcome}\"", 1.0)));
        return text.ToString();
    }

    static string Labels(ServiceReport s) => $"service=\"{s.Name}\",version=\"{s.Version}\"";

    static string Labels(ReleaseReport r) => $"service=\"{r.Service}\",from=\"{r.From}\",to=\"{r.To}\"";

    static void Family(
        StringBuilder text, string name, string kind, string help, IEnumerable<(string Labels, double Value)> lines)
    {
        text.Append($"# HELP slipway_{name} {help}\n# TYPE slipway_{name} {kind}\n");
        foreach (var (labels, value) in lines) text.Append($"slipway_{name}{{{labels}}} {value}\n");
    }
}
