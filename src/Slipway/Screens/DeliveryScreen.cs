using Slipway.Client;

namespace Slipway.Screens;

/// <summary>How well changes arrive, a service in a line each.</summary>
internal static class DeliveryScreen
{
    public static string[] Lines(DeliveryReport report, int width, Terminal glyphs) =>
        [.. Rows(report, width, glyphs).Select(line => glyphs.Spelt(line.TrimEnd()))];

    static IEnumerable<string> Rows(DeliveryReport report, int width, Terminal glyphs)
    {
        yield return glyphs.Strong($"The last {(report.Until - report.Since) switch
        {
            { TotalDays: >= 2 } time => $"{time.TotalDays:0} days",
            var time => Clocks.Span(time),
        }}");
        yield return "";
        if (report.Services.Count == 0)
        {
            yield return "No services yet. To add one: slipway up slipway.yaml";
            yield break;
        }

        DeliveryLine[] lines = [.. report.Services, .. report.Services.Count > 1 ? [report.All] : (DeliveryLine[])[]];
        var table = new Columns(lines.Max(line => Math.Max(7, line.Name.Length)), width - 2);
        table.Add("SHIPPED", lines.Select(line => $"{line.Deployments}"));
        table.Add("A DAY", lines.Select(line => line.PerDay is { } rate ? $"{rate:0.0}" : "-"));
        table.Add("LEAD TIME", lines.Select(line => Span(line.LeadTimeSeconds)));
        table.Add("FAILED", lines.Select(line =>
            line.ChangeFailurePercent is { } failed ? $"{line.Failed} ({failed:0} %)" : "-"));
        table.Add("RESTORED IN", lines.Select(line => Span(line.TimeToRestoreSeconds)));
        table.Add("TAKES", lines.Select(line => Span(line.ActiveSeconds)));
        table.Add("WAITS", lines.Select(line => Span(line.WaitingSeconds)));
        table.Add("SUCCESS", lines.Select(line => line.SuccessPercent is { } good ? $"{good:0} %" : "-"));
        table.Fit();
        yield return $"  {table.Header("SERVICE")}";
        for (var i = 0; i < lines.Length; i++)
            foreach (var line in table.Row(lines[i].Name, i)) yield return $"  {line}";
        yield return "";
        foreach (var line in Wrap.Words("Times are medians. Failed: taken back after users had met it, by a gate or by "
            + "somebody's undo; a rejection is none. Restored: since a gate first saw harm, else since users met the "
            + "version. Lead time needs slipway deploy --commit-time.", width)) yield return line;
    }

    static string Span(double? seconds) => seconds is { } known ? Clocks.Span(TimeSpan.FromSeconds(known)) : "-";
}
