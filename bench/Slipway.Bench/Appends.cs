using System.Diagnostics;
using System.Globalization;
using Slipway.Adapters.Postgres;
using Slipway.Adapters.Sqlite;
using Slipway.Releases;
using Slipway.Running;
using Slipway.Support;

namespace Slipway.Bench;

/// <summary>Durable appends per second, and how long each waits, by how many append at once.</summary>
static class Appends
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Measured = TimeSpan.FromSeconds(5);
    static readonly string Text = new('x', 250);

    public static async Task Run(TextWriter output)
    {
        output.WriteLine("one event per append, about 300 bytes, on the disk of the temporary folder");
        Head(output, "SQLite, synchronous = FULL");
        foreach (var appenders in (int[])[1, 10, 100, 1_000])
        {
            var folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
            try
            {
                await using var journal = SqliteJournal.Open(folder);
                await Measure(journal, appenders, output);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        if (PostgresServer.Programs is not null) await Shared(output);
        else output.WriteLine("PostgreSQL: not installed here (apt-get install postgresql)");
    }

    static async Task Shared(TextWriter output)
    {
        Head(output, "PostgreSQL, synchronous_commit = on, fsync = on");
        using var server = new PostgresServer("fsync=on");
        foreach (var appenders in (int[])[1, 10, 100, 1_000])
        {
            var url = StoreUrl.Parse(server.Url(server.NewDatabase()), _ => null);
            await using var store = await PostgresStore.Open(url, CancellationToken.None);
            await Measure(store.Journal, appenders, output);
        }
    }

    static void Head(TextWriter output, string store)
    {
        output.WriteLine(store);
        output.WriteLine($"{"appenders",10} {"appends/s",11} {"p50 ms",8} {"p99 ms",8}");
    }

    static async Task Measure(IJournal journal, int appenders, TextWriter output)
    {
        await Measure(journal, appenders, "warm-up", WarmUp);
        var waits = await Measure(journal, appenders, "measured", Measured);
        var (rate, p50, p99) = (waits.Count / Measured.TotalSeconds, At(waits, 0.50), At(waits, 0.99));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{appenders,10} {rate,11:n0} {p50,8:0.0} {p99,8:0.0}"));
    }

    static async Task<List<TimeSpan>> Measure(IJournal journal, int appenders, string name, TimeSpan length)
    {
        var begin = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, appenders).Select(i => Task.Run(async () =>
        {
            var waits = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(begin) < length)
            {
                var before = Stopwatch.GetTimestamp();
                var recorded = new Recorded(waits.Count + 1, DateTimeOffset.UtcNow, new Event.Noticed(Text));
                if (!await journal.Append($"{name} {i}", waits.Count, [recorded], CancellationToken.None))
                    throw new InvalidOperationException("Nobody else appends to this stream.");
                waits.Add(Stopwatch.GetElapsedTime(before));
            }
            return waits;
        })));
        return [.. each.SelectMany(waits => waits).Order()];
    }

    static double At(List<TimeSpan> sorted, double quantile) =>
        sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))].TotalMilliseconds;
}
