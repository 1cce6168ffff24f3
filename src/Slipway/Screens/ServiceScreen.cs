using Slipway.Client;

namespace Slipway.Screens;

/// <summary>One service with its instances.</summary>
internal static class ServiceScreen
{
    public static string[] Lines(ServiceReport s, DateTimeOffset now, int width, Terminal glyphs) =>
        [.. Rows(s, now, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(ServiceReport s, DateTimeOffset now, int width, Terminal glyphs)
    {
        var zone = glyphs.Zone;
        string[] title = [s.Name, StatusScreen.Version(s, glyphs), s.Environment, s.State, s.Url ?? ""];
        foreach (var line in Wrap.Title(title, width)) yield return glyphs.Strong(line);
        yield return "";
        foreach (var line in Facts(s, now, zone, glyphs).SelectMany(fact =>
            Wrap.Hanging($"  {fact.Label,-8}  ", fact.Text, width))) yield return line;
        if (s.Instances.Count == 0) yield break;
        yield return "";
        var table = new Columns(s.Instances.Max(i => Math.Max(8, i.Name.Length)), width - 2);
        table.Add("VERSION", s.Instances.Select(i => i.Version));
        table.Add("STATE", s.Instances.Select(i => i.State));
        table.Add("HEALTH", s.Instances.Select(i => i.Health));
        table.Add("FOR", s.Instances.Select(i => i.Since is { } since ? Clocks.Span(now - since) : "-"));
        table.Add("CPU", s.Instances.Select(i => i.CpuPercent is { } cpu ? $"{cpu:0} %" : "-"));
        table.Add("MEMORY", s.Instances.Select(i => i.MemoryPercent is { } memory ? $"{memory:0} %" : "-"));
        table.Add("PORT", s.Instances.Select(i => $"{i.Port}"));
        table.Add("PID", s.Instances.Select(i => i.Pid is { } pid ? $"{pid}" : "-"));
        table.Fit();
        yield return $"  {table.Header("INSTANCE")}";
        for (var i = 0; i < s.Instances.Count; i++)
        {
            foreach (var line in table.Row(s.Instances[i].Name, i)) yield return $"  {line}";
            if (s.Instances[i] is { Health: not "healthy", Why.Length: > 0 })
                foreach (var line in Wrap.Words(s.Instances[i].Why, width - 4)) yield return $"    {line}";
            if (s.Instances[i].Dependencies is { Count: > 0 } needed)
                foreach (var line in Wrap.Words($"needs {string.Join(", ", needed.Select(Needed))}", width - 4))
                    yield return $"    {line}";
        }
    }

    static string Needed(DependencyReport needed) => needed.Answer == "good" ? needed.Name
        : $"{needed.Name} ({(needed.Text.Length > 0 ? needed.Text : needed.Answer)})";

    static IEnumerable<(string Label, string Text)> Facts(
        ServiceReport s, DateTimeOffset now, TimeZoneInfo zone, Terminal glyphs)
    {
        if (s.Version is { } version)
        {
            var by = s.By is { Length: > 0 } who ? $", by {who}" : "";
            var commit = s.Commit is { } id ? $", commit {id[..Math.Min(7, id.Length)]}" : "";
            var since = s.Since is { } at ? $" since {Clocks.When(at, now, zone)}" : "";
            yield return ("Version", $"{version}{since}{by}{commit}");
        }

        if (s.Undo is { Version: { } back } undo)
        {
            var then = undo.AtOnceUntil is null ? "" : $", then about {undo.ThenSeconds:0} s";
            yield return ("Undo", $"to {back} {StatusScreen.Undo(undo, glyphs)}{then}: slipway undo {s.Name}");
        }

        if (s.Traffic is { } traffic) yield return ("Traffic", Traffic(traffic));
        if (s.Next is { } next) yield return ("Next", $"{next} waits for the release under way");
        if (s.ChangeWaits) yield return ("Changed", "slipway.yaml is applied when the release is over");
        yield return ("Release", Release(s, now));
        if (s.Notice is { } notice) yield return ("Trouble", notice);
    }

    static string Traffic(TrafficReport traffic)
    {
        var rate = $"{Figures.Rate(traffic.RequestsPerSecond)} requests/s";
        return traffic.ErrorPercent is not { } errors ? rate
            : $"{rate}, {Figures.Percent(errors)} errors" + (traffic is { P50Ms: { } half, P99Ms: { } most }
                ? $", p50 {Figures.Milliseconds(half)}, p99 {Figures.Milliseconds(most)}"
                : "");
    }

    static string Release(ServiceReport s, DateTimeOffset now) => s switch
    {
        { Release: { } run } => $"{run.Number} is under way ({run.Strategy}): slipway status {s.Name} --watch",
        { Last: { } last } =>
            $"none under way; the last, {last.Number}, was {HistoryScreen.Result(last.Outcome)} "
            + $"{Clocks.Span(now - last.Ended)} ago{(last.Why.Length > 0 ? $": {last.Why}" : "")}",
        _ => $"none yet. The first: slipway deploy {s.Name} VERSION",
    };
}
