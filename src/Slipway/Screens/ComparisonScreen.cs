using Slipway.Plans;

namespace Slipway.Screens;

/// <summary>The strategies side by side, for somebody who has to choose one.</summary>
internal static class ComparisonScreen
{
    const string Head = "STRATEGY";

    public static string[] Lines(Seq<Compared> all, Situation situation, int width, Terminal glyphs) =>
        [.. Rows(all, situation, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(Seq<Compared> all, Situation situation, int width, Terminal glyphs)
    {
        var possible = all.Where(compared => compared.Forecast is not null).ToList();
        var forecasts = possible.Select(compared => compared.Forecast!).ToList();
        var names = possible.Select(compared => compared.Own ? $"{compared.Strategy} *" : compared.Strategy).ToList();
        var table = new Columns(names.Append(Head).Max(name => name.Length), width);
        table.Add("PEAK", forecasts.Select(f => $"{f.PeakInstances,4}"));
        table.Add("DOWNTIME", forecasts.Select(Downtime));
        table.Add("BACK", forecasts.Select(f => Timing.About(f.Back.Slowest).ToString()));
        table.Add("TIME", forecasts.Select(f => Timing.Rounded(f.Scheduled)));
        table.Add("LEAST", forecasts.Select(f => Timing.Rounded(f.Shortest)));
        table.Add("FAILED", possible.Select(Failed));
        table.Add("JUDGED", possible.Select(compared => compared.Judged));
        table.Fit(narrowestLead: 12);

        var replicas = situation.Replicas == 1 ? "1 replica" : $"{situation.Replicas} replicas";
        yield return glyphs.Strong(situation.Spec.Service) + $"   {replicas}   every strategy";
        yield return "";
        yield return table.Header(Head);
        for (var i = 0; i < names.Count; i++)
            foreach (var line in table.Row(names[i], i)) yield return line;
        yield return "";
        foreach (var compared in all.Where(compared => compared.Impossible is not null))
            foreach (var line in Wrap.Words(compared.Impossible!, width)) yield return line;
        foreach (var line in Legend(forecasts, width, table)) yield return line;
    }

    static string Downtime(Forecast forecast) =>
        forecast.Downtime == TimeSpan.Zero ? "none" : Timing.About(forecast.Downtime).ToString();

    static string Failed(Compared compared) => compared.FailedRequests switch
    {
        null => "all",
        < .5 => $"{0,6}",
        var failed => $"{"~" + Round(failed.Value).ToString("#,0"),6}",
    };

    /// <summary>Two digits that matter: the third would be invented.</summary>
    static double Round(double value)
    {
        var scale = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(value)) - 1));
        return Math.Round(value / scale) * scale;
    }

    static IEnumerable<string> Legend(List<Forecast> forecasts, int width, Columns table)
    {
        var traffic = forecasts.Count > 0 ? PlanScreen.Traffic(forecasts[0].Findings) : "";
        string[] lines =
        [
            "*  as the file has it; the others with their defaults",
            "BACK    the slowest way back from any step",
            "LEAST   the shortest time, where proof of harmlessness may end steps early",
            "FAILED  requests that fail until a version with 5 % errors instead of 0.1 % is found; "
                + $"all: nothing finds it ({traffic})",
            "JUDGED  when the gates see the new version",
        ];
        foreach (var line in lines)
        {
            var label = line[..line.IndexOf("  ", StringComparison.Ordinal)];
            if (label != "*" && !table.Has(label)) continue;
            var first = true;
            foreach (var part in Wrap.Words(line[label.Length..].Trim(), width - 8))
            {
                yield return (first ? label : "").PadRight(8) + part;
                first = false;
            }
        }
    }
}
