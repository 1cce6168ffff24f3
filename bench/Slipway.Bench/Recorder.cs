using System.Globalization;
using System.Text.Json;
using Slipway.Machines;
using Slipway.Support.Traffic;

namespace Slipway.Bench;

/// <summary>
/// Records what the real gateway sees of two real instances of one version on a bad day: visitors who come in bursts
/// and ask several times, one answer in three hundred an error, instances that stall or are killed.
/// </summary>
static class Recorder
{
    const int SecondsUnlessTold = 900, VisitorsPerSecond = 14;

    static readonly Released Service = Released.App.Where("{ errorRate: { max: 5% } }", "{ errorRate: { max: 50% } }");

    public static async Task Run(IReadOnlyList<string> words, TextWriter output)
    {
        var path = words[0];
        var seconds = words.Count > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : SecondsUnlessTold;
        await using var machine = new Machine(Service, "1.0 --chance 0.3");
        await machine.Up(machine.Url, "--access-log");
        await machine.Run("deploy", "1.0");

        var began = DateTimeOffset.UtcNow;
        var (levels, crashes) = (new List<(Recording.Level, Recording.Level)>(), new int[seconds]);
        using var visitors = new BurstyVisitors(machine.Listen, VisitorsPerSecond);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var day = new BadDay(machine);
        for (var at = 0; at < seconds; at++)
        {
            await second.WaitForNextTickAsync();
            visitors.Come();
            if (day.Strike()) crashes[at]++;
            levels.Add(Levels((await machine.Client.Service("shop", CancellationToken.None)).Instances));
        }

        await visitors.Gone();
        var answers = Answers(Path.Combine(machine.Folder, ".slipway", "access.log"))
            .ToLookup(answer => (int)(answer.Ended - began).TotalSeconds, answer => answer.Answer);
        await File.WriteAllLinesAsync(path, levels.Select((level, at) =>
            $"{new Recording.Second(level.Item1, level.Item2, crashes[at], [.. answers[at]])}"));
        output.WriteLine($"{path}: {answers.Sum(at => at.Count()):N0} requests in {seconds} s, "
            + $"{answers.Sum(at => at.Count(answer => answer.IsBad))} bad, {crashes.Sum()} crashes");
    }

    static (Recording.Level, Recording.Level) Levels(IReadOnlyList<Client.InstanceReport> instances)
    {
        var levels = instances.Select(one => new Recording.Level(one.CpuPercent ?? 0, one.MemoryPercent ?? 0)).ToList();
        return (levels.FirstOrDefault(), levels.LastOrDefault());
    }

    /// <summary>The host that a visitor asks for says who they are; who asks for another one is no visitor.</summary>
    static IEnumerable<(DateTimeOffset Ended, Recording.Answer Answer)> Answers(string log)
    {
        foreach (var line in File.ReadLines(log))
        {
            using var json = JsonDocument.Parse(line);
            var (root, none) = (json.RootElement, json.RootElement.TryGetProperty("ended", out _));
            var host = root.GetProperty("host").GetString();
            if (!int.TryParse(host, CultureInfo.InvariantCulture, out var user)) continue;
            var (status, took) = (root.GetProperty("status").GetInt32(), root.GetProperty("us").GetInt64());
            yield return (root.GetProperty("at").GetDateTimeOffset().AddMicroseconds(took), new(user, took,
                none || status >= 500, none || status is 502 or 503 or 504));
        }
    }
}
