using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Bench.Gateways;

/// <summary>What one round has shown: requests a second, waits in milliseconds, and every failure.</summary>
sealed record Round(double Requests, double Seconds, double P50, double P99, double P999, string? Failures)
{
    public double Rate => Requests / Seconds;

    /// <summary>Of what carried it, in microseconds of CPU for a request, and MiB at the end.</summary>
    public double Cpu { get; init; }
    public double Memory { get; init; }
}

/// <summary>wrk for HTTP/1.1 and h2load for HTTP/2: neither sends anything twice.</summary>
static class Load
{
    public static Round Put(Case what, string url, int seconds, string folder) =>
        what.Wire == Wires.Http2 ? H2Load(what, url, seconds, folder) : Wrk(what, url, seconds);

    static Round Wrk(Case what, string url, int seconds)
    {
        var said = Run("wrk", "-t1", $"-c{what.Connections}", $"-d{seconds}s", "-s",
            Path.Combine(AppContext.BaseDirectory, "Gateways", "percentiles.lua"), url);
        var line = Regex.Match(said, @"^figures (.*)$", RegexOptions.Multiline).Groups[1].Value;
        if (line.Length == 0) throw new InvalidOperationException($"wrk has not measured {url}: {said}");
        var n = line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        string[] kinds = ["connect", "read", "write", "status", "timeout"];
        var failures = string.Join(", ", kinds.Select((kind, i) => (kind, count: n[2 + i]))
            .Where(one => one.count > 0).Select(one => $"{one.count:0} {one.kind}"));
        return new(n[0], n[1] / 1e6, n[7] / 1e3, n[8] / 1e3, n[9] / 1e3, failures.Length > 0 ? failures : null);
    }

    static Round H2Load(Case what, string url, int seconds, string folder)
    {
        var log = Path.Combine(folder, "h2load.log");
        File.Delete(log);
        var said = Run("h2load", $"-c{what.Connections}", $"-m{what.Streams}", "-t1", "-D", $"{seconds}",
            "--warm-up-time=0", $"--log-file={log}", url);
        var requests = Regex.Match(said, @"requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout");
        if (!requests.Success) throw new InvalidOperationException($"h2load has not measured {url}: {said}");
        var n = requests.Groups.Values.Skip(1).Select(one => double.Parse(one.Value, CultureInfo.InvariantCulture))
            .ToArray();
        // The requests that the end of the time cuts off count as failed there; a status is always an answer.
        var wrong = File.ReadLines(log).Count(line => line.Split('\t')[1] != "200");
        var waits = File.ReadLines(log).Select(line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture))
            .Order().ToArray();
        double At(double share) => waits.Length == 0 ? 0 : waits[(int)((waits.Length - 1) * share)] / 1e3;
        return new(n[0], seconds, At(.5), At(.99), At(.999), wrong > 0 ? $"{wrong} status" : null);
    }

    static string Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
